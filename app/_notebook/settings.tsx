'use client';
/** The forms of cells that are not text: paper, input; and a cell's name. */
import { NativeSelect, NumberInput, Slider, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import {
  nameOf,
  nameSchema,
  type Cell,
  type CellOf,
  type Control,
} from '../../server/api/schemas/notebook-cells.ts';
import type { NetworkSpec } from '../../server/api/schemas/network-spec.ts';
import { paperSlugs, type PaperSlug } from '../../server/api/schemas/papers.ts';
import type { Catalog } from '../../server/api/schemas/run-view.ts';
import { useCatalog } from '../_lib/api.ts';
import { usePapers, usePaper } from '../_lib/api-papers.ts';
import classes from './notebook.module.css';

interface FormProps<K extends Cell['kind']> {
  readonly cell: CellOf<K>;
  readonly onChange: (cell: Cell) => void;
}

/** A choice that keeps what is written in the file, known or not. */
export const withOwn = (known: readonly string[], own: string): string[] =>
  known.includes(own) ? [...known] : [own, ...known];

/** The name under which others use the cell; kept only when it can be one. */
export function NameField({
  cell,
  onChange,
}: {
  readonly cell: Cell;
  readonly onChange: (cell: Cell) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const value = draft ?? nameOf(cell) ?? '';
  const problem = value === '' ? undefined : nameSchema.safeParse(value).error?.issues[0]?.message;
  const isNeeded = cell.kind === 'input';
  const take = (text: string): void => {
    setDraft(text);
    if (text === '' && !isNeeded) {
      const { name: _name, ...rest } = cell as Cell & { name?: string };
      onChange(rest as Cell);
    } else if (nameSchema.safeParse(text).success) onChange({ ...cell, name: text } as Cell);
  };
  return (
    <TextInput
      size="xs"
      label="Name"
      className={classes.nameField}
      value={value}
      error={problem ?? (value === '' && isNeeded ? 'an input needs a name' : undefined)}
      onChange={({ currentTarget }) => take(currentTarget.value.trim())}
      onBlur={() => setDraft(null)}
    />
  );
}

export function PaperSettings({ cell, onChange }: FormProps<'paper'>) {
  const papers = usePapers();
  const detail = usePaper(cell.paper);
  const tables = papers.data?.find(({ slug }) => slug === cell.paper)?.tables ?? [];
  const table = detail.data?.tables.find(({ id }) => id === cell.table);
  const part = (which: 'row' | 'column', value: string): void => {
    const { [which]: _old, ...rest } = cell;
    onChange(value === '' ? rest : { ...rest, [which]: value });
  };
  const options = (
    all: readonly { id: string; title: string }[] | undefined,
    own: string | undefined,
  ) => [
    { value: '', label: 'all' },
    ...(own !== undefined && all?.some(({ id }) => id === own) !== true
      ? [{ value: own, label: own }]
      : []),
    ...(all ?? []).map(({ id, title }) => ({ value: id, label: title })),
  ];
  return (
    <div className={classes.fields}>
      <NativeSelect
        size="xs"
        label="Paper"
        data={[...paperSlugs]}
        value={cell.paper}
        onChange={({ currentTarget }) => {
          const paper = currentTarget.value as PaperSlug;
          const [first] = papers.data?.find(({ slug }) => slug === paper)?.tables ?? [];
          const { row: _row, column: _column, ...rest } = cell;
          onChange({ ...rest, paper, table: first?.id ?? '' });
        }}
      />
      <NativeSelect
        size="xs"
        label="Table"
        data={
          tables.length === 0
            ? [cell.table]
            : tables.map(({ id, title }) => ({ value: id, label: title }))
        }
        value={cell.table}
        onChange={({ currentTarget }) => {
          const { row: _row, column: _column, ...rest } = cell;
          onChange({ ...rest, table: currentTarget.value });
        }}
      />
      <NativeSelect
        size="xs"
        label="Row"
        data={options(table?.rows, cell.row)}
        value={cell.row ?? ''}
        onChange={({ currentTarget }) => part('row', currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        label="Column"
        data={options(table?.columns, cell.column)}
        value={cell.column ?? ''}
        onChange={({ currentTarget }) => part('column', currentTarget.value)}
      />
    </div>
  );
}

/** The control itself: what a reader moves. */
export function InputControl({ cell, onChange }: FormProps<'input'>) {
  const { control, label } = cell;
  const id = useId();
  const set = (next: Control): void => onChange({ ...cell, control: next });
  if (control.kind === 'slider') {
    const { min, max, step, value } = control;
    return (
      <div className={classes.slider}>
        <span id={id}>
          {label}: <output>{value}</output>
        </span>
        <Slider
          aria-labelledby={id}
          thumbLabel={label}
          min={min}
          max={Math.max(max, min + step)}
          step={step}
          value={value}
          label={null}
          onChange={(next) => set({ ...control, value: next })}
        />
      </div>
    );
  }
  if (control.kind === 'select') {
    return (
      <NativeSelect
        size="sm"
        label={label}
        data={withOwn(control.options, control.value)}
        value={control.value}
        onChange={({ currentTarget }) => set({ ...control, value: currentTarget.value })}
      />
    );
  }
  return <NetworkControl cell={cell} onChange={onChange} />;
}

/** A profile of the catalog as a spec has it. */
function toNetwork(entry: Catalog['networks'][number]): NetworkSpec {
  const { id, backend, topology, bitsPerSecond, rttMs, tcp, overhead, matrix } = entry;
  return {
    name: id,
    backend,
    topology,
    bitsPerSecond,
    rttMs,
    ...(tcp === undefined ? {} : { tcp }),
    ...(overhead === undefined ? {} : { overhead }),
    ...(matrix === undefined ? {} : { matrix }),
  };
}

function NetworkControl({ cell, onChange }: FormProps<'input'>) {
  const catalog = useCatalog();
  const known = (catalog.data?.networks ?? []).map(toNetwork);
  const own = cell.control.kind === 'network' ? cell.control.value.name : '';
  return (
    <NativeSelect
      size="sm"
      label={cell.label}
      data={withOwn(
        known.map(({ name }) => name),
        own,
      )}
      value={own}
      onChange={({ currentTarget }) => {
        const value = known.find(({ name }) => name === currentTarget.value);
        if (value !== undefined) onChange({ ...cell, control: { kind: 'network', value } });
      }}
    />
  );
}

const startNetwork = {
  name: 'lan',
  backend: 'inline',
  topology: 'pair',
  bitsPerSecond: 3e9,
  rttMs: 0.8,
  tcp: 'warm',
} as const;

/** What the control is: its kind, label, bounds, options. */
export function InputSettings({ cell, onChange }: FormProps<'input'>) {
  const catalog = useCatalog();
  const { control } = cell;
  const first = catalog.data?.networks[0];
  const kinds: Readonly<Record<Control['kind'], () => Control>> = {
    slider: () => ({ kind: 'slider', min: 0, max: 100, step: 1, value: 50 }),
    select: () => ({ kind: 'select', options: ['a', 'b'], value: 'a' }),
    network: () => ({
      kind: 'network',
      value: first === undefined ? startNetwork : toNetwork(first),
    }),
  };
  const number = (key: 'min' | 'max' | 'step', label: string) =>
    control.kind === 'slider' && (
      <NumberInput
        size="xs"
        label={label}
        value={control[key]}
        onChange={(value) => {
          const next = Number(value);
          if (value !== '' && Number.isFinite(next) && (key !== 'step' || next > 0))
            onChange({ ...cell, control: { ...control, [key]: next } });
        }}
      />
    );
  return (
    <div className={classes.fields}>
      <TextInput
        size="xs"
        label="Label"
        maxLength={120}
        value={cell.label}
        onChange={({ currentTarget }) => onChange({ ...cell, label: currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        label="Kind"
        data={Object.keys(kinds)}
        value={control.kind}
        onChange={({ currentTarget }) =>
          onChange({ ...cell, control: kinds[currentTarget.value as Control['kind']]() })
        }
      />
      {number('min', 'From')}
      {number('max', 'To')}
      {number('step', 'Step')}
      {control.kind === 'select' && (
        <TextInput
          size="xs"
          label="Options, with commas between them"
          value={control.options.join(',')}
          onChange={({ currentTarget }) => {
            const options = currentTarget.value
              .split(',')
              .slice(0, 100)
              .map((one) => one.slice(0, 120));
            onChange({
              ...cell,
              control: {
                ...control,
                options,
                value: options.includes(control.value) ? control.value : (options[0] ?? ''),
              },
            });
          }}
        />
      )}
    </div>
  );
}

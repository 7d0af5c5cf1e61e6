'use client';
/** The forms of cells that are not text: paper, input; and a cell's name. */
import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Cell, CellOf, Control } from '../../server/api/schemas/notebook-cells.ts';
import { nameOf, nameProblem } from '../../server/api/schemas/notebook-kinds.ts';
import { paperSlugs, type PaperSlug } from '../../server/api/schemas/papers.ts';
import { useCatalog } from '../_lib/api.ts';
import { usePapers, usePaper } from '../_lib/api-papers.ts';
import { toNetwork } from './input-control.tsx';
import classes from './notebook.module.css';

interface FormProps<K extends Cell['kind']> {
  readonly cell: CellOf<K>;
  readonly onChange: (cell: Cell) => void;
}

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
  const problem = value === '' ? undefined : (nameProblem(value) ?? undefined);
  const isNeeded = cell.kind === 'input';
  const take = (text: string): void => {
    setDraft(text);
    if (text === '' && !isNeeded) {
      const { name: _name, ...rest } = cell as Cell & { name?: string };
      onChange(rest as Cell);
    } else if (nameProblem(text) === null) onChange({ ...cell, name: text } as Cell);
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

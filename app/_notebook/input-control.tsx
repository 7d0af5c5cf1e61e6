'use client';
/** The control of an input cell: what a reader moves. */
import { NativeSelect, Slider } from '@mantine/core';
import { useId } from 'react';
import type { Cell, CellOf, Control } from '../../server/api/schemas/notebook-cells.ts';
import type { NetworkSpec } from '../../server/api/schemas/network-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { useCatalog } from '../_lib/api.ts';
import classes from './notebook.module.css';

interface InputControlProps {
  readonly cell: CellOf<'input'>;
  readonly onChange: (cell: Cell) => void;
}

/** A choice that keeps what is written in the file, known or not. */
export const withOwn = (known: readonly string[], own: string): string[] =>
  known.includes(own) ? [...known] : [own, ...known];

export function InputControl({ cell, onChange }: InputControlProps) {
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
export function toNetwork(entry: Catalog['networks'][number]): NetworkSpec {
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

function NetworkControl({ cell, onChange }: InputControlProps) {
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

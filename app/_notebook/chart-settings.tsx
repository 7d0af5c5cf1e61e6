'use client';
/** The forms of what is drawn of a table: charts of columns, charts of its runs, comparisons. */
import { NativeSelect, TextInput } from '@mantine/core';
import type { Cell, CellOf, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { chartKinds, nameOf, type ChartKind } from '../../server/api/schemas/notebook-kinds.ts';
import { lookupOf } from '../../server/api/schemas/notebook-evaluate.ts';
import {
  asksForRuns,
  profileAxes,
  profileMeasures,
} from '../../server/api/schemas/notebook-run-charts.ts';
import classes from './notebook.module.css';
import { withOwn } from './input-control.tsx';
import type { LiveEvaluation } from './use-evaluation.ts';

interface SettingsProps<K extends Cell['kind']> {
  readonly cell: CellOf<K>;
  readonly notebook: Notebook;
  readonly evaluation: LiveEvaluation;
  readonly onChange: (cell: Cell) => void;
}

function TableSelect({
  value,
  notebook,
  evaluation,
  onChange,
}: Pick<SettingsProps<'chart'>, 'notebook' | 'evaluation'> & {
  readonly value: string;
  readonly onChange: (name: string) => void;
}) {
  const lookup = lookupOf(evaluation);
  const names = notebook.cells.flatMap((cell) => {
    const name = cell.kind === 'input' ? null : nameOf(cell);
    return name === null || lookup(name)?.kind === 'scalar' ? [] : [name];
  });
  return (
    <NativeSelect
      size="xs"
      label="Table"
      data={withOwn([...new Set(names)], value)}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

const kindLabels: Readonly<Record<ChartKind, string>> = {
  bars: 'bars',
  lines: 'lines',
  scatter: 'points',
  pareto: 'Pareto front',
  whatif: 'what-if: its runs on another network',
  profile: 'profile: where the time of its runs goes',
  timeline: 'timeline of its first run',
};

/** What a kind of chart needs of its fields, kept where it fits already. */
function asKind(cell: CellOf<'chart'>, chart: ChartKind, keys: readonly string[]): CellOf<'chart'> {
  if (chart === 'profile') {
    const x = profileAxes.find((axis) => axis === cell.x) ?? 'operation';
    const y = profileMeasures.find((measure) => measure === cell.y) ?? 'time_ms';
    return { ...cell, chart, x, y };
  }
  if (chart === 'whatif' || chart === 'timeline') return { ...cell, chart };
  const wish = (key: string, usual: string): string =>
    keys.includes(key) || !keys.includes(usual) ? key : usual;
  return {
    ...cell,
    chart,
    x: wish(cell.x, 'online_ms_per_sample'),
    y: wish(cell.y, 'secure_accuracy'),
  };
}

export function ChartSettings({ cell, notebook, evaluation, onChange }: SettingsProps<'chart'>) {
  const found = lookupOf(evaluation)(cell.table);
  const columns = found?.kind === 'table' ? found.table.columns : [];
  const keys = columns.map(({ key }) => key);
  const numbers = columns.filter(({ type }) => type === 'number').map(({ key }) => key);
  return (
    <div className={classes.fields}>
      <TableSelect
        value={cell.table}
        notebook={notebook}
        evaluation={evaluation}
        onChange={(table) => onChange({ ...cell, table })}
      />
      <NativeSelect
        size="xs"
        label="As"
        data={chartKinds.map((kind) => ({ value: kind, label: kindLabels[kind] }))}
        value={cell.chart}
        onChange={({ currentTarget }) =>
          onChange(asKind(cell, currentTarget.value as ChartKind, keys))
        }
      />
      {cell.chart === 'whatif' && <PointFields cell={cell} onChange={onChange} />}
      {cell.chart !== 'whatif' && cell.chart !== 'timeline' && (
        <>
          <NativeSelect
            size="xs"
            label="Across"
            data={withOwn(cell.chart === 'profile' ? profileAxes : keys, cell.x)}
            value={cell.x}
            onChange={({ currentTarget }) => onChange({ ...cell, x: currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            label="Up"
            data={withOwn(cell.chart === 'profile' ? profileMeasures : numbers, cell.y)}
            value={cell.y}
            onChange={({ currentTarget }) => onChange({ ...cell, y: currentTarget.value })}
          />
        </>
      )}
      <NativeSelect
        size="xs"
        label={asksForRuns(cell) ? 'Runs are called by' : 'A series for each'}
        data={['', ...withOwn(keys, cell.group ?? '').filter((key) => key !== '')]}
        value={cell.group ?? ''}
        onChange={({ currentTarget }) => {
          const { group: _group, ...rest } = cell;
          onChange(currentTarget.value === '' ? rest : { ...rest, group: currentTarget.value });
        }}
      />
      <TextInput
        size="xs"
        label="Title"
        maxLength={120}
        value={cell.title ?? ''}
        onChange={({ currentTarget }) => {
          const { title: _title, ...rest } = cell;
          onChange(currentTarget.value === '' ? rest : { ...rest, title: currentTarget.value });
        }}
      />
    </div>
  );
}

/** The network of a what-if: names of inputs, or any expression over them; empty for each run's own. */
function PointFields({ cell, onChange }: Pick<SettingsProps<'chart'>, 'cell' | 'onChange'>) {
  const field = (key: 'rtt' | 'rate', label: string) => (
    <TextInput
      size="xs"
      label={label}
      description="an input, as its name, or a number; empty for each run’s own"
      maxLength={120}
      value={cell[key] ?? ''}
      onChange={({ currentTarget }) => {
        const { [key]: _old, ...rest } = cell;
        onChange(currentTarget.value === '' ? rest : { ...rest, [key]: currentTarget.value });
      }}
    />
  );
  return (
    <>
      {field('rtt', 'Round trip in ms')}
      {field('rate', 'Rate in Mbit/s')}
    </>
  );
}

export function CompareSettings({
  cell,
  notebook,
  evaluation,
  onChange,
}: SettingsProps<'compare'>) {
  return (
    <div className={classes.fields}>
      <TableSelect
        value={cell.table}
        notebook={notebook}
        evaluation={evaluation}
        onChange={(table) => onChange({ ...cell, table })}
      />
    </div>
  );
}

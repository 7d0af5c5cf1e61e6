/**
 * Kinds of columns of the results: texts, numbers, medians with their interval, shares, bytes. A number
 * has one value, in the unit that its key names; what a page shows is `format(value)`, so that a cell
 * and an export cannot differ. Browser-safe.
 */
import {
  type ByteFamily,
  exactBytes,
  formatBytes,
  formatDuration,
  formatInterval,
  formatPercent,
  formatSpread,
  proportionValue,
} from './format.ts';
import type { SortId } from './results-fields.ts';
import { noiseOf } from './results-noise.ts';
import type { ResultRow } from './results-row.ts';
import type { Headline, Median, Proportion } from './run-view.ts';
import { randomWeightsNote, weightsNote } from './warnings.ts';

export type Plain = string | number | boolean | null;

/** One value of a cell, under the name that it has in CSV and JSON; a unit is part of the name. */
export interface CellPart {
  readonly key: string;
  readonly value: (run: ResultRow) => Plain;
}

/** Where a column's values come from: what was asked, what the run gave, what people say of it. */
export type ColumnSource = 'spec' | 'run' | 'result' | 'people';

interface ColumnBase {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly source: ColumnSource;
  /** What a click on the header sorts by. */
  readonly sort: SortId | null;
  /** Pixels, at first. */
  readonly width: number;
  /** The cell's first value and what goes with it: bounds of its interval, its n. */
  readonly parts: readonly [CellPart, ...CellPart[]];
  /** Second, quieter line of a cell. */
  readonly note: (run: ResultRow) => string;
  /** The whole story, for a tooltip. */
  readonly title: (run: ResultRow) => string;
}

export interface TextColumn extends ColumnBase {
  readonly type: 'text';
  readonly value: (run: ResultRow) => string | null;
}

export interface NumberColumn extends ColumnBase {
  readonly type: 'number';
  readonly better: 'more' | 'less' | null;
  readonly value: (run: ResultRow) => number | null;
  /** `units` matter to bytes only. */
  readonly format: (value: number, units?: ByteFamily) => string;
}

export type Column = TextColumn | NumberColumn;

/** What a page, a Markdown and a LaTeX table show in a cell. */
export function cellText(column: Column, run: ResultRow, units: ByteFamily = 'decimal'): string {
  const value = column.value(run);
  if (value === null) return '';
  return typeof value === 'number' && column.type === 'number'
    ? column.format(value, units)
    : String(value);
}

interface Extra {
  readonly key?: string;
  readonly sort?: SortId;
  readonly width?: number;
  readonly note?: (run: ResultRow) => string;
  readonly title?: (run: ResultRow) => string;
  readonly parts?: readonly CellPart[];
}

const nothing = (): string => '';

export function text(
  id: string,
  label: string,
  help: string,
  source: ColumnSource,
  value: (run: ResultRow) => string | null,
  extra: Extra = {},
): TextColumn {
  const { key = id, sort = null, width = 150, note = nothing, title = nothing, parts = [] } = extra;
  const all: ColumnBase['parts'] = [{ key, value }, ...parts];
  return { type: 'text', id, label, help, source, value, sort, width, note, title, parts: all };
}

const figureOf = ({ figures }: ResultRow, sort: SortId | null): number | null =>
  figures === null || sort === null
    ? null
    : ((figures as Partial<Record<SortId, number>>)[sort] ?? null);

export function number(
  id: string,
  label: string,
  help: string,
  source: ColumnSource,
  key: string,
  better: NumberColumn['better'],
  measured: (run: ResultRow) => number | null,
  format: NumberColumn['format'],
  extra: Extra = {},
): NumberColumn {
  const { sort = null, width = 120, note = nothing, title = nothing, parts = [] } = extra;
  // A run without a headline may have figures all the same: it was imported.
  const value = (run: ResultRow): number | null => measured(run) ?? figureOf(run, sort);
  const all: ColumnBase['parts'] = [{ key, value }, ...parts];
  const shown = { id, label, help, source, sort, width, note, title };
  return { type: 'number', ...shown, better, value, format, parts: all };
}

export const largest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), 0);
export const headline =
  <T>(read: (headline: Headline) => T) =>
  (run: ResultRow): T | null =>
    run.headline === null ? null : read(run.headline);

/** A median of inferences with interval, n and noise class in the cell. */
export function time(
  id: string,
  label: string,
  help: string,
  key: string,
  read: (headline: Headline) => Median,
  sort: SortId,
): NumberColumn {
  const of = headline(read);
  return number(
    id,
    label,
    help,
    'result',
    key,
    'less',
    (run) => of(run)?.median ?? null,
    formatDuration,
    {
      sort,
      width: 234,
      note: (run) => {
        const median = of(run);
        return median === null ? '' : spreadNote(median);
      },
      title: (run) => {
        const median = of(run);
        return median === null ? '' : formatSpread(median, formatDuration);
      },
      parts: [
        { key: `${key}_low`, value: (run) => of(run)?.low ?? null },
        { key: `${key}_high`, value: (run) => of(run)?.high ?? null },
        { key: `${key}_n`, value: (run) => of(run)?.n ?? null },
      ],
    },
  );
}

/** Statistics that a median has beside it, by what a column and what a query calls them. */
const others = [
  {
    part: 'min',
    sort: 'least',
    word: 'least',
    help: 'The least of the inferences that the median is of',
  },
  {
    part: 'max',
    sort: 'most',
    word: 'most',
    help: 'The most of the inferences that the median is of',
  },
  {
    part: 'p95',
    sort: 'tail',
    word: '95th percentile',
    help: 'What 95 % of the inferences do not exceed, by nearest rank; from 20 inferences on',
  },
] as const;

/** Other statistics of the same inferences, each a column of its own: the least, the most, the 95th percentile. */
export function extremes(
  id: 'latency' | 'batchtime' | 'offline' | 'total',
  label: string,
  key: string,
  read: (headline: Headline) => Median,
): readonly NumberColumn[] {
  return others.map(({ part, sort, word, help }) =>
    number(
      `${id}-${part}`,
      `${label}, ${word}`,
      help,
      'result',
      `${key}_${part}`,
      'less',
      (run) => (run.headline === null ? null : (read(run.headline)[part] ?? null)),
      formatDuration,
      {
        sort: `${id}-${sort}`,
        width: 132,
        note: (run) => (run.headline === null ? '' : `n = ${read(run.headline).n}`),
      },
    ),
  );
}

/** "2.53 s to 2.74 s, n = 16, quiet"; a range where n is too small for an interval says so. */
function spreadNote(median: Median): string {
  const { n, low, high, min, max } = median;
  // Nothing was done in this phase, and nothing varies.
  if (max === 0) return '';
  if (n <= 1) return `n = ${n}, no interval`;
  const bounds =
    low === null || high === null
      ? `range ${formatDuration(min)} to ${formatDuration(max)}`
      : `${formatDuration(low)} to ${formatDuration(high)}`;
  return `${bounds}, n = ${n}${noiseWord(median)}`;
}

function noiseWord(median: Median): string {
  const noise = noiseOf(median);
  return noise === null ? '' : `, ${noise}`;
}

/** A share with its Wilson interval; runs on random weights say that they have none. */
export function share(
  id: string,
  label: string,
  help: string,
  key: string,
  read: (accuracy: NonNullable<Headline['accuracy']>) => Proportion,
  sort: SortId,
  isMain: boolean,
): NumberColumn {
  const of = ({ headline }: ResultRow): Proportion | null =>
    headline?.accuracy == null ? null : read(headline.accuracy);
  return number(
    id,
    label,
    help,
    'result',
    key,
    'more',
    (run) => {
      const proportion = of(run);
      return proportion === null ? null : proportionValue(proportion);
    },
    (value) => formatPercent(value),
    {
      sort,
      width: isMain ? 178 : 188,
      note: (run) => {
        const proportion = of(run);
        if (proportion !== null) {
          return `${formatPercent(proportion.low)} to ${formatPercent(proportion.high)}, n = ${proportion.n}`;
        }
        return isMain && run.headline !== null ? (weightsNote(run.spec) ?? randomWeightsNote) : '';
      },
      title: (run) => {
        const proportion = of(run);
        return proportion === null ? '' : formatInterval(proportion);
      },
      parts: [
        { key: `${key}_low`, value: (run) => of(run)?.low ?? null },
        { key: `${key}_high`, value: (run) => of(run)?.high ?? null },
        { key: `${key}_n`, value: (run) => of(run)?.n ?? null },
      ],
    },
  );
}

/** Exact bytes of one full batch. */
export function bytes(
  id: string,
  label: string,
  help: string,
  key: string,
  read: (headline: Headline) => number,
  sort: SortId,
): NumberColumn {
  const of = headline(read);
  return number(id, label, help, 'result', key, 'less', of, formatBytes, {
    sort,
    width: 132,
    title: (run) => {
      const value = of(run);
      return value === null ? '' : exactBytes(value);
    },
  });
}

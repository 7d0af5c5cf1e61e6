/**
 * What pages need of cells without checking any: the kinds, the bounds, names. Apart from the schemas
 * (notebook-cells.ts), so that a page that shows a notebook need not load zod. Browser-safe.
 */
import type { Cell, CellKind, Notebook } from './notebook-cells.ts';

export const mostCells = 200;
/** Characters of one cell's text. */
export const longestSource = 40_000;
/** Characters of a whole notebook as a file, pinned results included. */
export const longestNotebook = 4_000_000;

/** What expressions, charts and queries call a cell's result. Words of the expressions are not names. */
export const reservedNames: readonly string[] = ['and', 'or', 'not', 'where', 'true', 'false'];

/** What is wrong with a name; null where nothing is. */
export function nameProblem(name: string): string | null {
  if (name.length > 40) return 'a name has at most 40 characters';
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return 'a name has small letters, digits and _, and begins with a letter';
  return reservedNames.includes(name) ? 'this is a word of the expressions; use another' : null;
}

/** In the order in which pages offer them. */
export const cellKinds = [
  'markdown',
  'query',
  'chart',
  'compare',
  'paper',
  'input',
  'run',
  'javascript',
  'assertion',
] as const satisfies readonly CellKind[];

/** Of any column of any table. */
export const columnCharts = ['bars', 'lines', 'scatter', 'pareto'] as const;
export type ColumnChart = (typeof columnCharts)[number];
/** Of the runs behind a table: on other networks, by operation or place, and event by event. */
export const runCharts = ['whatif', 'profile', 'timeline'] as const;
export type RunChart = (typeof runCharts)[number];
export const chartKinds = [...columnCharts, ...runCharts] as const;
export type ChartKind = (typeof chartKinds)[number];

/** The name under which others may use the cell's result; null where it has none. */
export const nameOf = (cell: Cell): string | null =>
  'name' in cell && cell.name !== undefined ? cell.name : null;

/** Copies without what was pinned into them: what a person wrote. */
export const withoutPins = ({ title, cells }: Notebook): Notebook => ({
  title,
  cells: cells.map(({ pinned: _pinned, ...cell }) => cell as Cell),
});

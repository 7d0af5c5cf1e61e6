/** What a slash at the beginning of a line of text offers: a cell of each kind, and of each chart. */
import type { Cell, CellKind, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { cellKinds, type ChartKind } from '../../server/api/schemas/notebook-kinds.ts';
import { newCell } from './edit.ts';

export interface SlashItem {
  /** After the slash: small letters. */
  readonly word: string;
  readonly says: string;
  readonly kind: CellKind;
  readonly chart?: ChartKind;
}

const kindSays: Readonly<Record<CellKind, string>> = {
  markdown: 'a text',
  query: 'runs that a query finds',
  chart: 'a chart of a table',
  compare: 'runs side by side',
  paper: 'a table of a paper',
  input: 'a slider, a choice, a network',
  run: 'a run or a sweep, priced before it starts',
  javascript: 'a value computed from tables',
  assertion: 'what must hold',
};

const charts: readonly (readonly [ChartKind, string])[] = [
  ['pareto', 'a Pareto front'],
  ['bars', 'bars of any column'],
  ['lines', 'lines of any column'],
  ['scatter', 'points of any two columns'],
  ['whatif', 'runs on another network, replayed'],
  ['profile', 'where the time of runs goes'],
  ['timeline', 'what every role of a run did'],
];

const words: Partial<Record<CellKind, string>> = { markdown: 'text' };

export const slashItems: readonly SlashItem[] = [
  ...cellKinds.map((kind) => ({ word: words[kind] ?? kind, says: kindSays[kind], kind })),
  ...charts.map(([chart, says]) => ({ word: chart, says, kind: 'chart' as const, chart })),
];

/** The line that asks: `/ru` at its beginning and nothing after it. */
export const slashPattern = /^\/[a-z]*$/;

/** Items that begin with what was typed; after a slash alone, all. */
export const slashMatches = (typed: string): readonly SlashItem[] =>
  slashPattern.test(typed) ? slashItems.filter(({ word }) => `/${word}`.startsWith(typed)) : [];

/** The item of a text that is nothing but `/word`. */
export const slashCommand = (text: string): SlashItem | null =>
  slashItems.find(({ word }) => text.trim() === `/${word}`) ?? null;

/** A new cell as the item asks for it. */
export function slashCell(notebook: Notebook, { kind, chart }: SlashItem, spec: string): Cell {
  const cell = newCell(notebook, kind, spec);
  if (cell.kind !== 'chart' || chart === undefined) return cell;
  if (chart === 'profile') return { ...cell, chart, x: 'operation', y: 'time_ms' };
  if (chart === 'whatif' || chart === 'timeline') {
    // Their runs are called by what they are, not by one column.
    const { group: _group, ...rest } = cell;
    return { ...rest, chart };
  }
  return { ...cell, chart };
}

/** What kinds of cells are called on pages. */
import type { CellKind } from '../../server/api/schemas/notebook-cells.ts';

export const kindWords: Readonly<Record<CellKind, string>> = {
  markdown: 'Text',
  query: 'Query',
  chart: 'Chart',
  compare: 'Comparison',
  paper: 'Paper',
  input: 'Input',
  run: 'Run',
  javascript: 'JavaScript',
  assertion: 'Assertion',
};

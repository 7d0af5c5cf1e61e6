/** Use case: one cell's result as a file, under an address of its own: JSON, CSV, and SVG of a chart. */
import { nameOf } from '../api/schemas/notebook-kinds.ts';
import { evaluateNotebook } from '../api/schemas/notebook-evaluate.ts';
import { tableCsv } from '../api/schemas/notebook-table.ts';
import type { Database } from '../db/client.ts';
import { csvCell } from '../results/table-text.ts';
import { RunError } from '../runs/errors.ts';
import { chartSvg } from './cell-svg.ts';
import { liveNotebook } from './live.ts';
import type { WrittenFile } from './live-file.ts';
import { parseNotebook } from './store.ts';

export const cellSuffixes = ['json', 'csv', 'svg'] as const;

interface Asked {
  readonly id: string;
  /** Its name, or its id. */
  readonly cell: string;
  readonly suffix: string;
  /** Of the notebook's page. */
  readonly address: string;
}

/**
 * With the results of now; of a pinned cell with those that are pinned.
 * @throws RunError 'notFound' for a cell, a result or a suffix that there is not, saying what there is
 */
export async function writeCell(db: Database, asked: Asked): Promise<WrittenFile> {
  const suffix = cellSuffixes.find((one) => one === asked.suffix);
  if (suffix === undefined) {
    throw new RunError('notFound', `a cell has no .${asked.suffix}; it has .json, .csv and .svg.`);
  }
  const notebook = parseNotebook((await liveNotebook(db, asked.id)).text);
  const cell =
    notebook.cells.find((one) => nameOf(one) === asked.cell) ??
    notebook.cells.find(({ id }) => id === asked.cell);
  if (cell === undefined) {
    const names = notebook.cells.flatMap((one) => nameOf(one) ?? []);
    const known = names.length === 0 ? 'its cells have ids only' : `use ${names.join(', ')}`;
    throw new RunError('notFound', `the notebook has no cell "${asked.cell}"; ${known}.`);
  }
  const { results } = evaluateNotebook(notebook, new Map());
  const outcome = results.get(cell.id)?.outcome;
  const value = outcome?.status === 'ok' ? outcome.value : null;
  if (value === null) {
    const why =
      outcome?.status === 'error' || outcome?.status === 'stale'
        ? outcome.message
        : 'it has to be run, or computed in a browser, first.';
    throw new RunError('notFound', `the cell ${asked.cell} has no result: ${why}`);
  }
  if (suffix === 'json') {
    const source = { version: 1, notebook: notebook.title, cell: asked.cell, kind: cell.kind };
    const body = { ...source, address: `${asked.address}#cell-${asked.cell}`, value };
    return {
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(body, null, 2)}\n`,
    };
  }
  if (suffix === 'csv') {
    const type = 'text/csv; charset=utf-8';
    if (value.kind === 'table') return { type, body: tableCsv(value.table) };
    const { value: one, classes, runs } = value.scalar;
    const row = [one === null ? '' : String(one), classes.join(' '), runs.join(' ')];
    return { type, body: `value,class,runs\n${row.map(csvCell).join(',')}\n` };
  }
  if (cell.kind !== 'chart' || value.kind !== 'table') {
    throw new RunError('notFound', `only charts have an .svg; ${asked.cell} is a ${cell.kind}.`);
  }
  return { type: 'image/svg+xml; charset=utf-8', body: chartSvg(value.table, cell) };
}

/** What a query of the results finds, as a notebook's table: every row its own run. */
import {
  formatOfKey,
  mostTableRows,
  type DataColumn,
  type DataRow,
  type DataTable,
  type PlainValue,
} from '../api/schemas/notebook-table.ts';
import type { Column } from '../api/schemas/results-column.ts';
import { columns, columnsOf } from '../api/schemas/results-columns.ts';
import type { ResultRow } from '../api/schemas/results-row.ts';
import type { Database } from '../db/client.ts';
import { findIds, readRows } from '../results/list-results.ts';

/** Columns of a query that names none: all that a run is asked for and gives. */
export const notebookColumns: readonly string[] = columns
  .filter(({ source }) => source !== 'people')
  .map(({ id }) => id);

const rowsAtATime = 250;

interface Part {
  readonly column: DataColumn;
  readonly value: (run: ResultRow) => PlainValue;
}

/** The values of these columns under the names that they have in a CSV, each once, the run's id first. */
function partsOf(shown: readonly Column[]): readonly Part[] {
  const id: Part = {
    column: { key: 'run', label: 'Run id', type: 'text', format: 'plain' },
    value: (run) => run.id,
  };
  const parts = shown.flatMap((column) =>
    column.parts.map(({ key, value }, index): Part => ({
      column: {
        key,
        label: index === 0 ? column.label : `${column.label}, ${key}`,
        type: column.type,
        format: column.type === 'number' ? formatOfKey(key) : 'plain',
      },
      value,
    })),
  );
  return [...new Map([id, ...parts].map((part) => [part.column.key, part])).values()];
}

const toRow = (parts: readonly Part[], run: ResultRow): DataRow => ({
  cells: parts.map(({ value }) => value(run)),
  runs: [run.id],
  class: run.shipped && run.provenance === 'measured' ? 'measured, shipped' : run.provenance,
});

/** Rows of these runs, in their order. */
export function tableOfRows(
  rows: readonly ResultRow[],
  columnIds: readonly string[],
  total = rows.length,
): DataTable {
  const parts = partsOf(columnsOf(columnIds));
  return {
    columns: parts.map(({ column }) => column),
    rows: rows.map((row) => toRow(parts, row)),
    total,
  };
}

/** @throws RunError 'invalid' for a query that cannot be read */
export async function queryTable(
  db: Database,
  query: string,
  columnIds: readonly string[],
): Promise<DataTable> {
  const { ids } = await findIds(db, query);
  const wanted = ids.slice(0, mostTableRows);
  const rows: ResultRow[] = [];
  for (let start = 0; start < wanted.length; start += rowsAtATime) {
    rows.push(...(await readRows(db, wanted.slice(start, start + rowsAtATime))));
  }
  return tableOfRows(rows, columnIds, ids.length);
}

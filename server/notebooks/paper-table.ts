/**
 * A paper's table as a notebook's: a row for each number, so that what is reported and what is measured
 * stand in rows of their own class and are never put into one mean.
 */
import type { DataColumn, DataRow, DataTable } from '../api/schemas/notebook-table.ts';
import {
  verdictWords,
  type CellValue,
  type PaperCell,
  type PaperDetail,
  type PaperSlug,
} from '../api/schemas/papers.ts';
import type { Database } from '../db/client.ts';
import { readPaper } from '../papers/index.ts';
import { RunError } from '../runs/errors.ts';

const columns: readonly DataColumn[] = [
  { key: 'row', label: 'Row', type: 'text', format: 'plain' },
  { key: 'column', label: 'Column', type: 'text', format: 'plain' },
  { key: 'value', label: 'Value', type: 'number', format: 'plain' },
  { key: 'unit', label: 'Unit', type: 'text', format: 'plain' },
  { key: 'whose', label: 'Whose', type: 'text', format: 'plain' },
  { key: 'ratio', label: 'Over the reported one', type: 'number', format: 'ratio' },
  { key: 'verdict', label: 'Verdict', type: 'text', format: 'plain' },
  { key: 'n', label: 'n', type: 'number', format: 'count' },
  { key: 'cell', label: 'Cell', type: 'text', format: 'plain' },
];

function rowsOf(cell: PaperCell, row: string, column: string): readonly DataRow[] {
  const reported: readonly DataRow[] =
    cell.reported === null
      ? []
      : [
          {
            cells: [row, column, cell.reported, cell.unit, 'paper', null, null, null, cell.id],
            runs: [],
            class: 'reported',
          },
        ];
  const ours = (value: CellValue, isMain: boolean): DataRow => ({
    cells: [
      row,
      column,
      value.value,
      cell.unit,
      'Parley',
      isMain ? cell.ratio : null,
      isMain ? verdictWords[cell.verdict] : null,
      value.n,
      cell.id,
    ],
    runs: value.runId === null ? [] : [value.runId],
    class:
      value.shipped && value.provenance === 'measured' ? 'measured, shipped' : value.provenance,
  });
  return [
    ...reported,
    ...(cell.result === null ? [] : [ours(cell.result, true)]),
    ...(cell.second === null ? [] : [ours(cell.second, false)]),
  ];
}

interface Asked {
  readonly paper: PaperSlug;
  readonly table: string;
  /** Only this row, or this column; null for all. */
  readonly row: string | null;
  readonly column: string | null;
}

/** Pure: what a paper's detail gives. @throws RunError 'notFound' naming what there is instead */
export function tableOfPaper(paper: PaperDetail, asked: Asked): DataTable {
  const table = paper.tables.find(({ id }) => id === asked.table);
  if (table === undefined) {
    const known = paper.tables.map(({ id }) => id).join(', ');
    throw new RunError('notFound', `${paper.slug} has no table "${asked.table}"; use ${known}.`);
  }
  for (const [what, id, headings] of [
    ['row', asked.row, table.rows],
    ['column', asked.column, table.columns],
  ] as const) {
    if (id !== null && !headings.some((one) => one.id === id)) {
      const known = headings.map((one) => one.id).join(', ');
      throw new RunError('notFound', `table ${table.id} has no ${what} "${id}"; use ${known}.`);
    }
  }
  const titleIn = (headings: typeof table.rows, id: string): string =>
    headings.find((one) => one.id === id)?.title ?? id;
  const rows = table.cells
    .filter(({ row, column }) => row === (asked.row ?? row) && column === (asked.column ?? column))
    .flatMap((cell) =>
      rowsOf(cell, titleIn(table.rows, cell.row), titleIn(table.columns, cell.column)),
    );
  return { columns: [...columns], rows, total: rows.length };
}

/** @throws RunError 'notFound' */
export const paperTable = async (db: Database, asked: Asked): Promise<DataTable> =>
  tableOfPaper(await readPaper(db, asked.paper), asked);

/**
 * What goes into the sandbox of a JavaScript cell, and what may come out: plain data, bounded, checked.
 * A row keeps its class only where it can be followed to a row that went in; everything else is computed.
 * Browser-safe.
 */
import { z } from 'zod';
import {
  formatOfKey,
  mostTableColumns,
  mostTableRows,
  runsOf,
  type CellValue,
  type DataColumn,
  type DataRow,
  type PlainValue,
  type RowClass,
} from './notebook-table.ts';

/**
 * Bounds of a cell. In a browser: its time, and how much may go in and out. Its memory is bounded by the
 * browser alone, which ends a worker that outgrows its heap (some gigabytes) within those two seconds of
 * time at most. `parley notebook run --javascript` bounds the heap as well.
 */

/** Milliseconds that a cell may take. */
export const javascriptLimitMs = 2000;
/** Characters of a result as JSON. */
export const longestResult = 2_000_000;
/** MiB of heap that a cell may take outside of a browser. */
export const javascriptHeapMb = 256;

/** Before a cell's text, wherever it runs: helpers over arrays. */
export const javascriptHelpers = `const sum = (values) => values.reduce((a, b) => a + b, 0);
const mean = (values) => sum(values) / values.length;
const median = (values) => { const v = [...values].sort((a, b) => a - b); const h = (v.length - 1) / 2; return (v[Math.floor(h)] + v[Math.ceil(h)]) / 2; };
const extent = (values) => [Math.min(...values), Math.max(...values)];
const group = (rows, key) => Object.entries(Object.groupBy(rows, (row) => typeof key === 'function' ? key(row) : row[key]));
const sortBy = (rows, key) => rows.toSorted((a, b) => a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
`;

/** A table as an array of objects, each with its class and runs; a scalar as its value. */
export function plainInput(value: CellValue): unknown {
  if (value.kind === 'scalar') return value.scalar.value;
  const { columns, rows } = value.table;
  return rows.map((row) => ({
    ...Object.fromEntries(columns.map(({ key }, index) => [key, row.cells[index] ?? null])),
    class: row.class,
    runs: row.runs,
  }));
}

/** What the sandbox's frame says. */
export const sandboxReplySchema = z.discriminatedUnion('status', [
  z.strictObject({
    id: z.number().int(),
    status: z.literal('ok'),
    json: z.string().max(longestResult),
  }),
  z.strictObject({
    id: z.number().int(),
    status: z.literal('error'),
    message: z.string().max(4000),
  }),
]);
export type SandboxReply = z.infer<typeof sandboxReplySchema>;

const cell = z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]);
const rowSchema = z.looseObject({ class: z.unknown().optional(), runs: z.unknown().optional() });

/** Runs of a row, followed back to the input row that has exactly these. */
function originOf(
  row: z.infer<typeof rowSchema>,
  known: ReadonlyMap<string, RowClass>,
  all: readonly string[],
): Pick<DataRow, 'runs' | 'class'> {
  const runs = z.array(z.string()).max(200).safeParse(row.runs);
  const from = runs.success && runs.data.length > 0 ? known.get(runs.data.join(' ')) : undefined;
  if (runs.success && from !== undefined && from === row.class)
    return { runs: runs.data, class: from };
  return { runs: all.slice(0, 200), class: 'computed' };
}

/** @throws Error with a sentence for people */
export function fromPlain(json: string, inputs: Readonly<Record<string, CellValue>>): CellValue {
  const values = Object.values(inputs);
  const tables = values.flatMap((value) => (value.kind === 'table' ? [value.table] : []));
  const all = [
    ...new Set([
      ...tables.flatMap(({ rows }) => runsOf(rows)),
      ...values.flatMap((value) => (value.kind === 'scalar' ? value.scalar.runs : [])),
    ]),
  ];
  const result: unknown = JSON.parse(json);
  const scalar = cell.safeParse(result);
  if (scalar.success && scalar.data !== null) {
    return {
      kind: 'scalar',
      scalar: {
        value: scalar.data,
        format: 'plain',
        runs: all.slice(0, mostTableRows),
        classes: ['computed'],
      },
    };
  }
  const rows = z.array(rowSchema).safeParse(result);
  if (!rows.success) {
    throw new Error(
      'return a number, a text, true or false, or an array of objects: one for each row.',
    );
  }
  if (rows.data.length > mostTableRows) {
    throw new Error(
      `the result has ${rows.data.length} rows; a table has at most ${mostTableRows}.`,
    );
  }
  const keys = [...new Set(rows.data.flatMap((row) => Object.keys(row)))].filter(
    (key) => key !== 'class' && key !== 'runs' && key !== '',
  );
  if (keys.length > mostTableColumns) {
    throw new Error(
      `the result has ${keys.length} columns; a table has at most ${mostTableColumns}.`,
    );
  }
  const known = new Map(
    tables.flatMap((table) =>
      table.rows.map((row): [string, RowClass] => [row.runs.join(' '), row.class]),
    ),
  );
  const columns = keys.map((key): DataColumn => {
    const filled = rows.data
      .map((row) => row[key])
      .filter((value) => value !== null && value !== undefined);
    const isNumber = filled.length > 0 && filled.every((value) => typeof value === 'number');
    return {
      key: key.slice(0, 120),
      label: key.slice(0, 120),
      type: isNumber ? 'number' : 'text',
      format: isNumber ? formatOfKey(key) : 'plain',
    };
  });
  return {
    kind: 'table',
    table: {
      columns,
      rows: rows.data.map((row, index) => ({
        cells: keys.map((key): PlainValue => plainCell(row[key], key, index)),
        ...originOf(row, known, all),
      })),
      total: rows.data.length,
    },
  };
}

function plainCell(value: unknown, key: string, index: number): PlainValue {
  const read = cell.safeParse(value ?? null);
  if (read.success) return read.data;
  throw new Error(`${key} of row ${index + 1} is no number, short text, true, false or null.`);
}

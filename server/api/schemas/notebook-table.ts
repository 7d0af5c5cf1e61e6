/**
 * Results of cells as plain data: tables whose every row knows its runs and its class of provenance, and
 * single values that know the same. Browser-safe. Numbers become text by the format of their column.
 */
import { z } from 'zod';
import {
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRatio,
  formatSignificant,
} from './format.ts';
import { runIdSchema } from './requests.ts';
import { provenanceClasses } from './results-fields.ts';

export const mostTableRows = 2000;
export const mostTableColumns = 80;
const longestText = 2000;

/** How numbers of a column are written. */
export const valueFormats = [
  'plain',
  'count',
  'duration',
  'bytes',
  'rate',
  'percent',
  'ratio',
] as const;
export type ValueFormat = (typeof valueFormats)[number];

export const plainValueSchema = z.union([
  z.string().max(longestText),
  z.number(),
  z.boolean(),
  z.null(),
]);
export type PlainValue = z.infer<typeof plainValueSchema>;

/** `measured` on this installation and `measured` elsewhere never share a statistic. */
export const rowClassSchema = z.enum([...provenanceClasses, 'measured, shipped', 'computed']);
export type RowClass = z.infer<typeof rowClassSchema>;

const columnSchema = z.strictObject({
  key: z.string().min(1).max(120),
  label: z.string().max(200),
  type: z.enum(['number', 'text']),
  format: z.enum(valueFormats),
});
export type DataColumn = z.infer<typeof columnSchema>;

const rowSchema = z.strictObject({
  cells: z.array(plainValueSchema).max(mostTableColumns),
  /** Runs behind the row; none where it is predicted, reported or computed. */
  runs: z.array(runIdSchema).max(200),
  class: rowClassSchema,
});
export type DataRow = z.infer<typeof rowSchema>;

export const dataTableSchema = z
  .strictObject({
    columns: z.array(columnSchema).max(mostTableColumns),
    rows: z.array(rowSchema).max(mostTableRows),
    /** How many rows there were, where not all are here. */
    total: z.number().int().nonnegative(),
  })
  .refine(
    ({ columns, rows }) => rows.every(({ cells }) => cells.length === columns.length),
    'every row has a value for each column',
  );
export type DataTable = z.infer<typeof dataTableSchema>;

export const scalarSchema = z.strictObject({
  value: plainValueSchema,
  format: z.enum(valueFormats),
  runs: z.array(runIdSchema).max(mostTableRows),
  classes: z.array(rowClassSchema).max(8),
});
export type Scalar = z.infer<typeof scalarSchema>;

export type CellValue =
  | { readonly kind: 'table'; readonly table: DataTable }
  | { readonly kind: 'scalar'; readonly scalar: Scalar };

/** The format of a column, from the unit that its key names: `online_ms`, `sent_bytes`, `rate_bits_per_second`. */
export function formatOfKey(key: string): ValueFormat {
  if (/_n$|^n$|rounds|^samples|^repeats|^tokens|unlike/.test(key)) return 'count';
  if (/(^|_)ms(_|$)/.test(key)) return 'duration';
  if (/(^|_)bytes?(_|$)/.test(key)) return 'bytes';
  if (/bits_per_second|bit_s$/.test(key)) return 'rate';
  if (/accuracy|fraction$|share$/.test(key)) return 'percent';
  if (key.endsWith('ratio')) return 'ratio';
  return 'plain';
}

const formatters: Readonly<Record<ValueFormat, (value: number) => string>> = {
  plain: (value) => formatSignificant(value, 4),
  count: formatCount,
  duration: formatDuration,
  bytes: (value) => formatBytes(value),
  rate: formatBitRate,
  percent: (value) => formatPercent(value),
  ratio: formatRatio,
};

export const formatNumber = (value: number, format: ValueFormat): string =>
  formatters[format](value);

/** Empty for what is missing. */
export const formatPlain = (value: PlainValue, format: ValueFormat): string =>
  value === null ? '' : typeof value === 'number' ? formatNumber(value, format) : String(value);

export const columnIndex = ({ columns }: DataTable, key: string): number =>
  columns.findIndex((column) => column.key === key);

/** Every class among the rows, in the order in which they appear. */
export const classesOf = (rows: readonly DataRow[]): readonly RowClass[] => [
  ...new Set(rows.map((row) => row.class)),
];

export const runsOf = (rows: readonly DataRow[]): readonly string[] => [
  ...new Set(rows.flatMap(({ runs }) => runs)),
];

/** Comma, dot decimal, one header line, empty for missing; the class of each row is a column. */
export function tableCsv({ columns, rows }: DataTable): string {
  const cell = (value: PlainValue): string => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const head = [...columns.map(({ key }) => cell(key)), 'class', 'runs'].join(',');
  const lines = rows.map(({ cells, runs, class: of }) =>
    [...cells.map(cell), cell(of), cell(runs.join(' '))].join(','),
  );
  return `${[head, ...lines].join('\n')}\n`;
}

/**
 * Results of cells as plain data: tables whose every row knows its runs and its class of provenance, and
 * single values that know the same. Browser-safe. Numbers become text by the format of their column.
 */
import {
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRatio,
  formatSignificant,
} from './format.ts';
import type {
  DataColumn,
  DataRow,
  DataTable,
  PlainValue,
  RowClass,
  Scalar,
} from './notebook-table-schema.ts';

export const mostTableRows = 2000;
export const mostTableColumns = 100;

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

export type { DataColumn, DataRow, DataTable, PlainValue, RowClass, Scalar };

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

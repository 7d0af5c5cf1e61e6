/**
 * A table of results as text: CSV and JSON with every value in full, Markdown and LaTeX as the page
 * shows it. One definition of columns behind all of them (results-columns.ts).
 */
import type { ByteFamily } from '../api/schemas/format.ts';
import { cellText, type CellPart, type Column } from '../api/schemas/results-column.ts';
import type { ResultRow } from '../api/schemas/results-row.ts';

export const tableFormats = ['csv', 'json', 'md', 'tex'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Head, one piece a row, foot: so that a table of any length can be sent as it is read. */
export interface TableWriter {
  readonly type: string;
  readonly head: string;
  readonly row: (run: ResultRow, index: number) => string;
  readonly foot: string;
}

/** Stand first in every export of values: which run, and where its numbers come from. */
const always: readonly CellPart[] = [
  { key: 'run', value: (run) => run.id },
  { key: 'provenance', value: (run) => run.provenance },
  { key: 'shipped', value: (run) => run.shipped },
];

/** All values of these columns, each key once. */
export function partsOf(columns: readonly Column[]): readonly CellPart[] {
  const parts = [...always, ...columns.flatMap((column) => column.parts)];
  return [...new Map(parts.map((part) => [part.key, part])).values()];
}

/** RFC 4180; an empty cell is a missing value. */
export function csvCell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(columns: readonly Column[]): TableWriter {
  const parts = partsOf(columns);
  return {
    type: 'text/csv; charset=utf-8',
    head: `${parts.map(({ key }) => csvCell(key)).join(',')}\n`,
    row: (run) => `${parts.map(({ value }) => csvCell(value(run))).join(',')}\n`,
    foot: '',
  };
}

/** `rows` hold what a CSV holds; `columns` say what each key means. */
function json(columns: readonly Column[], query: string): TableWriter {
  const parts = partsOf(columns);
  const described = columns.flatMap(({ label, help, parts }) =>
    parts.map(({ key }) => ({ key, label, help })),
  );
  const head = JSON.stringify({ version: 1, query, columns: described });
  return {
    type: 'application/json; charset=utf-8',
    head: `${head.slice(0, -1)},"rows":[`,
    row: (run, index) => {
      const entries = parts.map(({ key, value }) => [key, value(run)] as const);
      return `${index === 0 ? '\n' : ',\n'}${JSON.stringify(Object.fromEntries(entries))}`;
    },
    foot: '\n]}\n',
  };
}

/** What the page shows, the quieter second line in brackets. */
function shown(column: Column, run: ResultRow, units: ByteFamily): string {
  const text = cellText(column, run, units);
  const note = column.note(run);
  return text === '' || note === '' ? text || note : `${text} (${note})`;
}

const provenanceOf = ({ provenance, shipped }: ResultRow): string =>
  shipped ? `${provenance}, shipped` : provenance;

const withProvenance = (columns: readonly Column[]): boolean =>
  !columns.some(({ id }) => id === 'class');

function markdown(columns: readonly Column[], units: ByteFamily): TableWriter {
  const extra = withProvenance(columns);
  const escape = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' ');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const labels = columns.map(({ label }) => escape(label));
  const rules = columns.map(({ type }) => (type === 'number' ? '--:' : ':--'));
  return {
    type: 'text/markdown; charset=utf-8',
    head:
      line(extra ? [...labels, 'Provenance'] : labels) + line(extra ? [...rules, ':--'] : rules),
    row: (run) => {
      const cells = columns.map((column) => escape(shown(column, run, units)));
      return line(extra ? [...cells, provenanceOf(run)] : cells);
    },
    foot: '',
  };
}

const latexCharacters: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '\u00a0': '~',
  '\u2212': '$-$',
  '\u2013': '--',
  '\u00d7': '$\\times$',
  '\u2019': "'",
};

export const latex = (text: string): string =>
  Array.from(text.replaceAll(/[\r\n]+/g, ' '), (char) => latexCharacters[char] ?? char).join('');

function booktabs(columns: readonly Column[], units: ByteFamily): TableWriter {
  const extra = withProvenance(columns);
  const alignment = columns.map(({ type }) => (type === 'number' ? 'r' : 'l')).join('');
  const labels = columns.map(({ label }) => latex(label));
  return {
    type: 'application/x-tex; charset=utf-8',
    head: `% needs \\usepackage{booktabs}\n\\begin{tabular}{${alignment}${extra ? 'l' : ''}}\n\\toprule\n${(extra ? [...labels, 'Provenance'] : labels).join(' & ')} \\\\\n\\midrule\n`,
    row: (run) => {
      const cells = columns.map((column) => latex(shown(column, run, units)));
      return `${(extra ? [...cells, latex(provenanceOf(run))] : cells).join(' & ')} \\\\\n`;
    },
    foot: '\\bottomrule\n\\end{tabular}\n',
  };
}

/**
 * @param query stands in the JSON, to say what was asked
 * @param units of bytes where they are shown as on the page; values are always bytes
 */
export function tableWriter(
  format: TableFormat,
  columns: readonly Column[],
  query: string,
  units: ByteFamily,
): TableWriter {
  switch (format) {
    case 'csv':
      return csv(columns);
    case 'json':
      return json(columns, query);
    case 'md':
      return markdown(columns, units);
    case 'tex':
      return booktabs(columns, units);
  }
}

/** A table of a paper as CSV, LaTeX (booktabs) or Markdown: both values, the ratio, the verdict. */
import {
  verdictWords,
  type ExportFormat,
  type PaperCell,
  type PaperDetail,
  type PaperTable,
} from '../api/schemas/papers.ts';
import { RunError } from '../runs/errors.ts';

export interface ExportedTable {
  readonly body: string;
  readonly mediaType: string;
  readonly fileName: string;
}

/** Five significant digits: more than any cell prints. */
const digits = (value: number): string => String(Number(value.toPrecision(5)));

const csvField = (value: string): string =>
  /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

const csvColumns = [
  'cell',
  'row',
  'column',
  'unit',
  'reported',
  'result',
  'provenance',
  'ratio',
  'verdict',
  'reason',
  'n',
  'low',
  'high',
  'run',
  'shipped',
  'link',
  'engine_commit',
  'at',
  'confidence',
  'source',
  'notes',
] as const;

function csvRow(cell: PaperCell): string {
  const { result } = cell;
  const number = (value: number | null | undefined): string =>
    value === null || value === undefined ? '' : String(value);
  return [
    cell.id,
    cell.row,
    cell.column,
    cell.unit,
    number(cell.reported),
    number(result?.value),
    result?.provenance ?? '',
    number(cell.ratio),
    verdictWords[cell.verdict],
    cell.reason ?? '',
    number(result?.n),
    number(result?.low),
    number(result?.high),
    result?.runId ?? '',
    result === null ? '' : String(result.shipped),
    result?.link ?? '',
    result?.commit ?? '',
    result?.at ?? '',
    cell.confidence,
    cell.source,
    cell.notes.join(' '),
  ]
    .map(csvField)
    .join(',');
}

/** Printed and found, or that there is nothing. */
function words(cell: PaperCell | undefined, verdict: (words: string) => string): string {
  if (cell === undefined) return '';
  const { result, printed } = cell;
  const found = result === null ? verdictWords[cell.verdict] : digits(result.value);
  const provenance = result?.provenance ?? 'measured';
  const mark = provenance === 'measured' ? '' : ` (${provenance})`;
  return `${printed} / ${found}${mark}${result === null ? '' : verdict(verdictWords[cell.verdict])}`;
}

/** In the paper's own grid; rows then columns. */
function gridOf(table: PaperTable, verdict: (words: string) => string): string[][] {
  const at = new Map(table.cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  return table.rows.map(({ id, title }) => [
    title,
    ...table.columns.map((column) => words(at.get(`${id} ${column.id}`), verdict)),
  ]);
}

const titleOf = ({ group, title }: PaperTable['columns'][number]): string =>
  group === null ? title : `${group}: ${title}`;

const latexCharacters: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
};
const latex = (text: string): string =>
  text.replaceAll(/[\\^~<>&%$#_{}]/g, (sign) => latexCharacters[sign] ?? `\\${sign}`);

const caption = (paper: PaperDetail, table: PaperTable): string =>
  `${paper.title} (${paper.venue}), ${table.title}. Reported / re-run in Parley's engine. ${table.note}`;

function toLatex(paper: PaperDetail, table: PaperTable): string {
  const rows = gridOf(table, (verdict) => `, ${verdict}`);
  const line = (cells: readonly string[]): string => `${cells.map(latex).join(' & ')} \\\\`;
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${latex(caption(paper, table))}}`,
    `\\begin{tabular}{l${'r'.repeat(table.columns.length)}}`,
    '\\toprule',
    line(['', ...table.columns.map(titleOf)]),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

function toMarkdown(paper: PaperDetail, table: PaperTable): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    caption(paper, table),
    '',
    line(['', ...table.columns.map(titleOf)]),
    `|---|${'---:|'.repeat(table.columns.length)}`,
    ...gridOf(table, (verdict) => ` (${verdict})`).map(line),
    '',
  ].join('\n');
}

/** @throws RunError 'notFound' for a table that the paper does not have */
export function exportTable(
  paper: PaperDetail,
  tableId: string,
  format: ExportFormat,
): ExportedTable {
  const table = paper.tables.find(({ id }) => id === tableId);
  if (table === undefined) {
    const known = paper.tables.map(({ id }) => id).join(', ');
    throw new RunError('notFound', `${paper.slug} has no table "${tableId}"; it has ${known}.`);
  }
  const name = `${paper.slug}-${table.id}`;
  if (format === 'csv') {
    const body = `${[csvColumns.join(','), ...table.cells.map(csvRow)].join('\n')}\n`;
    return { body, mediaType: 'text/csv; charset=utf-8', fileName: `${name}.csv` };
  }
  return format === 'latex'
    ? { body: toLatex(paper, table), mediaType: 'application/x-tex', fileName: `${name}.tex` }
    : {
        body: toMarkdown(paper, table),
        mediaType: 'text/markdown; charset=utf-8',
        fileName: `${name}.md`,
      };
}

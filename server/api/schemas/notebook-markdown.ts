/**
 * A notebook as a plain Markdown document: texts with their numbers filled in, tables as tables, what is
 * not there in a sentence. Browser-safe.
 */
import type { Cell, Notebook } from './notebook-cells.ts';
import { nameOf } from './notebook-kinds.ts';
import { plural } from './format.ts';
import { classWords, valueOf } from './notebook-evaluate-expression.ts';
import { lookupOf, type Evaluation, type Outcome } from './notebook-evaluate.ts';
import { placeholdersOf } from './notebook-expression.ts';
import { fence } from './notebook-ipynb.ts';
import { chartKeys, chartTitle } from './notebook-run-charts.ts';
import { classesOf, formatPlain, type DataTable } from './notebook-table.ts';

const mostRowsShown = 100;
const mostColumnsShown = 8;

const escaped = (text: string): string =>
  text.replaceAll(/[\\|<>*_`[\]&]/g, (char) => `\\${char}`).replaceAll(/\s+/g, ' ');

/** First columns and rows, and how many there are. */
export function markdownTable(table: DataTable): string {
  const columns = table.columns.slice(0, mostColumnsShown);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = table.rows
    .slice(0, mostRowsShown)
    .map(({ cells, class: of }) =>
      line([
        ...columns.map(({ format }, index) => escaped(formatPlain(cells[index] ?? null, format))),
        of,
      ]),
    );
  const left = [
    ...(table.columns.length > columns.length
      ? [plural(table.columns.length - columns.length, 'more column')]
      : []),
    ...(table.total > rows.length ? [plural(table.total - rows.length, 'more row')] : []),
  ];
  return [
    line([...columns.map(({ label }) => escaped(label)), 'Class']),
    line([...columns, null].map(() => '---')),
    ...rows,
    ...(left.length === 0 ? [] : ['', `*${left.join(' and ')} not shown.*`]),
  ].join('\n');
}

/** A text with its numbers; what cannot be computed says so in its place. */
export function filledMarkdown(source: string, evaluation: Evaluation): string {
  const lookup = lookupOf(evaluation);
  return placeholdersOf(source).reduceRight((text, { from, to, text: expression }) => {
    let shown: string;
    try {
      const { value, format } = valueOf(expression, lookup);
      shown = escaped(formatPlain(value, format));
    } catch (error) {
      shown = `(${error instanceof Error ? error.message : String(error)})`;
    }
    return `${text.slice(0, from)}${shown}${text.slice(to)}`;
  }, source);
}

const reasonOf = (outcome: Outcome | undefined): string =>
  outcome === undefined || outcome.status === 'waiting'
    ? 'No result yet.'
    : outcome.status === 'ok'
      ? ''
      : outcome.message;

function cellText(cell: Cell, outcome: Outcome | undefined): string {
  const name = nameOf(cell);
  const title = `**${cell.kind}${name === null ? '' : ` \`${name}\``}**`;
  const value = outcome?.status === 'ok' ? outcome.value : null;
  const body = value === null ? `*${reasonOf(outcome)}*` : valueText(cell, value);
  const source = 'source' in cell ? `${fence(cell.source)}\n\n` : '';
  return `${title}\n\n${source}${body}`;
}

function valueText(
  cell: Cell,
  value: NonNullable<Extract<Outcome, { status: 'ok' }>['value']>,
): string {
  if (value.kind === 'scalar') {
    const { scalar } = value;
    if (cell.kind === 'assertion') return scalar.value === true ? 'holds' : 'does **not** hold';
    return `${escaped(formatPlain(scalar.value, scalar.format))} (${classWords(scalar.classes)})`;
  }
  const { table } = value;
  if (cell.kind !== 'chart')
    return `${markdownTable(table)}\n\n*${classWords(classesOf(table.rows))}*`;
  const places = chartKeys(cell).map((key) =>
    table.columns.findIndex((column) => column.key === key),
  );
  const narrow: DataTable = {
    ...table,
    columns: places.flatMap((place) => table.columns[place] ?? []),
    rows: table.rows.map((row) => ({
      ...row,
      cells: places.map((place) => row.cells[place] ?? null),
    })),
  };
  return `${escaped(chartTitle(cell))}\n\n${markdownTable(narrow)}`;
}

/** The whole document. */
export function toMarkdown({ title, cells }: Notebook, evaluation: Evaluation): string {
  const parts = cells.map((cell) =>
    cell.kind === 'markdown'
      ? filledMarkdown(cell.source, evaluation)
      : cellText(cell, evaluation.results.get(cell.id)?.outcome),
  );
  return `${[`# ${escaped(title)}`, ...parts].join('\n\n')}\n`;
}

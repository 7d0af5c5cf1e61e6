/**
 * A notebook's text, written (notebook-file.ts says what it looks like, and reads it). Apart from the
 * reading, so that a page that only saves need not load zod. Browser-safe.
 */
import type { Cell, Notebook, Pinned } from './notebook-cells.ts';

export const notebookSuffix = '.parley.md';
/** What every mark of the file begins with. */
export const mark = '<!-- parley:';
export const formatVersion = 1;

const languages: Readonly<Record<Cell['kind'], string>> = {
  markdown: 'markdown',
  query: 'text',
  chart: 'json',
  compare: 'json',
  paper: 'json',
  input: 'json',
  run: 'json',
  javascript: 'js',
  assertion: 'text',
};

/** Keys in one order, id and kind before all: the same cell always gives the same text. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const rank = (key: string): string => `${['id', 'kind', 'name'].indexOf(key) + 1 || 9}${key}`;
  const fields = Object.entries(value).toSorted(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  return Object.fromEntries(fields.map(([key, inner]) => [key, inOrder(inner)]));
}

/** `>` may not end the comment, `-->` may not stand in it. */
const inComment = (value: unknown): string =>
  JSON.stringify(inOrder(value)).replaceAll('>', '\\u003e');

function fenced(language: string, body: string): string {
  const longest = Math.max(2, ...[...body.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

/** Lines that look like a mark get one more colon, and lose it again when read. */
const escapeMarks = (text: string): string =>
  text.replaceAll(/^<!-- parley(:+)/gm, '<!-- parley:$1');

function pinnedText({ at, value }: Pinned): string {
  if (value.kind === 'scalar') return JSON.stringify(inOrder({ at, value }));
  const { rows, ...table } = value.table;
  const head = JSON.stringify(inOrder({ at, value: { kind: 'table', table } }));
  return [head, ...rows.map((row) => JSON.stringify(inOrder(row)))].join('\n');
}

/** What the mark says of a cell, and what stands below it. */
function partsOf(cell: Cell): { readonly head: object; readonly body: string } {
  if ('source' in cell) {
    const { source, pinned: _pinned, ...head } = cell;
    return { head, body: source };
  }
  const { id, kind, pinned: _pinned, ...rest } = cell;
  const { name, ...settings } = { name: undefined, ...rest };
  return {
    head: { id, kind, ...(name === undefined ? {} : { name }) },
    body: JSON.stringify(inOrder(settings), null, 2),
  };
}

export const unix = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

/** The file's text; the same notebook always gives the same text. */
export function writeNotebook({ title, cells }: Notebook): string {
  const sections = cells.map((cell) => {
    const { head, body } = partsOf(cell);
    const text = unix(body);
    const shown = cell.kind === 'markdown' ? escapeMarks(text) : fenced(languages[cell.kind], text);
    const pinned =
      cell.pinned === undefined
        ? ''
        : `${mark}pinned -->\n${fenced('json', pinnedText(cell.pinned))}\n\n`;
    return `${mark}cell ${inComment(head)} -->\n${shown}\n\n${pinned}`;
  });
  const line = title.replaceAll(/\s+/g, ' ').trim();
  return `# ${line}\n\n${mark}notebook ${formatVersion} -->\n\n${sections.join('')}`;
}

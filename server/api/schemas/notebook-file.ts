/**
 * A notebook as one text file: Markdown with a comment line before every cell. Chosen over JSON Lines
 * because a paragraph stays a paragraph: a change of one word is a change of one line in a diff, and the
 * file reads as a document wherever Markdown is shown. Browser-safe.
 *
 *     # Title
 *
 *     <!-- parley:notebook 1 -->
 *
 *     <!-- parley:cell {"id":"c1","kind":"query","name":"runs"} -->
 *     ```text
 *     model:minilm is:done
 *     ```
 *
 * Markdown cells stand as they are, everything else in a fence that is longer than any inside. A line of
 * a Markdown cell that looks like a mark gets a further colon. Pinned results follow their cell as JSON
 * with a row a line.
 */
import { z } from 'zod';
import { notebookSchema, pinnedSchema, type Notebook } from './notebook-cells.ts';
import { longestNotebook, mostCells } from './notebook-kinds.ts';
import { formatVersion, mark, unix } from './notebook-write.ts';

/** A file that is no notebook: which line, and what to do. */
export class NotebookFileError extends Error {
  readonly line: number;
  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.name = 'NotebookFileError';
    this.line = line;
  }
}

const unescapeMarks = (text: string): string =>
  text.replaceAll(/^<!-- parley:(:+)/gm, '<!-- parley$1');

interface Section {
  readonly line: number;
  readonly head: string;
  readonly body: string;
}

/** The file cut at its marks. A mark inside a fence of a cell is text of that cell. */
function sectionsOf(text: string): readonly Section[] {
  const sections: { line: number; head: string; lines: string[] }[] = [];
  let fence: string | null = null;
  let isMarkdown = true;
  for (const [index, line] of text.replace(/\n$/, '').split('\n').entries()) {
    const last = sections.at(-1);
    if (fence !== null) {
      last?.lines.push(line);
      if (line === fence) fence = null;
      continue;
    }
    if (line.startsWith(mark) && !line.startsWith(`${mark}:`)) {
      const head = /^<!-- parley:(.*?) *--> *$/.exec(line)?.[1];
      if (head === undefined)
        throw new NotebookFileError(index + 1, 'the mark has no end; close it with -->.');
      isMarkdown = /"kind":"markdown"/.test(head);
      sections.push({ line: index + 1, head, lines: [] });
      continue;
    }
    // Only the fence that a section begins with hides marks: Markdown escapes its own.
    const isFirst = last?.lines.every((before) => before === '') === true;
    if (!isMarkdown && isFirst) fence = /^`{3,}/.exec(line)?.[0] ?? null;
    last?.lines.push(line);
  }
  return sections.map(({ line, head, lines }) => ({ line, head, body: lines.join('\n') }));
}

/** What stands in the fence; the whole text where somebody left the fence out. */
function unfenced(body: string): string {
  const trimmed = body.replace(/^\n+|\n+$/g, '');
  const fence = /^(`{3,})[^\n]*\n/.exec(trimmed);
  if (fence === null) return trimmed;
  const end = trimmed.lastIndexOf(`\n${fence[1] ?? ''}`);
  // An empty body has the closing fence right after the opening one.
  return end < fence[0].length - 1
    ? ''
    : trimmed.slice(fence[0].length, Math.max(end, fence[0].length));
}

function parseJson(text: string, line: number, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NotebookFileError(line, `${what} is not JSON.`);
  }
}

function readPinned(body: string, line: number): unknown {
  const [first = '', ...rows] = unfenced(body).split('\n');
  const head = parseJson(first, line, 'the pinned result');
  const table = z.looseObject({
    value: z.looseObject({ kind: z.literal('table'), table: z.looseObject({}) }),
  });
  const known = table.safeParse(head);
  if (!known.success) return head;
  const { value } = known.data;
  const read = rows.map((row, index) =>
    parseJson(row, line + 3 + index, 'a row of the pinned result'),
  );
  return { ...known.data, value: { ...value, table: { ...value.table, rows: read } } };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readCell({ line, head, body }: Section): Record<string, unknown> {
  const said = parseJson(head.slice('cell '.length), line, 'what the mark says');
  if (!isRecord(said)) throw new NotebookFileError(line, 'the mark of a cell holds a JSON object.');
  if (said['kind'] === 'markdown') {
    return { ...said, source: unescapeMarks(body.replace(/\n$/, '')) };
  }
  const text = unfenced(body);
  const kinds = ['chart', 'compare', 'paper', 'input'];
  if (!kinds.includes(String(said['kind']))) return { ...said, source: text };
  const settings = parseJson(text, line + 1, 'the cell');
  if (!isRecord(settings)) throw new NotebookFileError(line + 1, 'the cell holds a JSON object.');
  return { ...settings, ...said };
}

/**
 * The notebook that a text is. Two cells with one id are refused: the page would mix them up.
 * @throws NotebookFileError naming the line and the fix
 */
export function readNotebook(text: string): Notebook {
  if (text.length > longestNotebook) {
    throw new NotebookFileError(
      1,
      `the file has more than ${longestNotebook} characters; unpin results.`,
    );
  }
  const clean = unix(text);
  const sections = sectionsOf(clean);
  const [first, ...rest] = sections;
  if (first === undefined || !/^notebook \d+$/.test(first.head)) {
    throw new NotebookFileError(
      1,
      'this is no notebook; the mark "<!-- parley:notebook 1 -->" is missing.',
    );
  }
  if (first.head !== `notebook ${formatVersion}`) {
    throw new NotebookFileError(
      first.line,
      `"${first.head}" is of a later version; update Parley.`,
    );
  }
  const cells: { readonly line: number; readonly cell: Record<string, unknown> }[] = [];
  for (const section of rest) {
    if (section.head.startsWith('cell ')) {
      if (cells.length >= mostCells) {
        throw new NotebookFileError(section.line, `a notebook has at most ${mostCells} cells.`);
      }
      cells.push({ line: section.line, cell: readCell(section) });
    } else if (section.head === 'pinned' && cells.length > 0) {
      const last = cells.at(-1);
      const pinned = pinnedSchema.safeParse(readPinned(section.body, section.line));
      if (!pinned.success)
        throw new NotebookFileError(
          section.line,
          `the pinned result is wrong: ${z.prettifyError(pinned.error)}.`,
        );
      if (last !== undefined) last.cell['pinned'] = pinned.data;
    } else
      throw new NotebookFileError(
        section.line,
        `"${section.head.slice(0, 40)}" is no mark; use cell or pinned.`,
      );
  }
  const ids = new Set<unknown>();
  for (const { line, cell } of cells) {
    if (ids.has(cell['id']))
      throw new NotebookFileError(
        line,
        `two cells have the id "${String(cell['id'])}"; change one.`,
      );
    ids.add(cell['id']);
  }
  const title = /^# +([^\n]+)/.exec(clean)?.[1] ?? 'Notebook';
  const result = notebookSchema.safeParse({ title, cells: cells.map(({ cell }) => cell) });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue?.path[0] === 'cells' ? cells[Number(issue.path[1])]?.line : 1;
  const field = issue?.path.slice(2).join('.') ?? '';
  throw new NotebookFileError(
    at ?? 1,
    `${field === '' ? '' : `${field}: `}${issue?.message ?? 'the cell is wrong'}.`,
  );
}

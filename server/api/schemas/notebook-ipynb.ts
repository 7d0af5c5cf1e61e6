/**
 * Notebooks as Jupyter files (nbformat 4.5) and back. Our cells travel whole in a cell's metadata, so
 * that an export that comes back is the same notebook; outputs are there for whoever opens it elsewhere.
 * Cells of other kernels cannot run here: they become texts that say so. Browser-safe.
 */
import { z } from 'zod';
import { cellSchema, notebookSchema, type Cell, type Notebook } from './notebook-cells.ts';
import { longestSource, mostCells } from './notebook-kinds.ts';
import type { CellResult } from './notebook-evaluate.ts';
import { formatPlain, tableCsv, type CellValue } from './notebook-table.ts';

/** Characters that an output of another kernel keeps. */
const longestOutput = 4000;

const textSchema = z.union([z.string(), z.array(z.string())]);
const textOf = (text: z.infer<typeof textSchema>): string =>
  typeof text === 'string' ? text : text.join('');

const ipynbSchema = z.object({
  nbformat: z.number().int().min(3).max(5),
  metadata: z.looseObject({ title: z.string().optional() }).default({}),
  cells: z.array(
    z.looseObject({
      cell_type: z.string(),
      source: textSchema,
      metadata: z.looseObject({ parley: z.unknown().optional() }).default({}),
      outputs: z.array(z.unknown()).optional(),
    }),
  ),
});

function outputOf(value: CellValue): object {
  const data =
    value.kind === 'scalar'
      ? {
          'text/plain': [formatPlain(value.scalar.value, value.scalar.format)],
          'application/json': value.scalar,
        }
      : { 'text/plain': [tableCsv(value.table)], 'application/json': value.table };
  return { output_type: 'execute_result', execution_count: null, metadata: {}, data };
}

const sourceOf = (cell: Cell): string =>
  'source' in cell ? cell.source : JSON.stringify(cell, null, 2);

/** Lines as nbformat keeps them, each with its end. */
const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/);

/** The file's text, with results as outputs. */
export function toIpynb(
  { title, cells }: Notebook,
  results: ReadonlyMap<string, CellResult>,
): string {
  const file = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { title, language_info: { name: 'parley' } },
    cells: cells.map((cell) => {
      const metadata = { parley: cell };
      const base = { id: cell.id, metadata, source: linesOf(sourceOf(cell)) };
      if (cell.kind === 'markdown') return { cell_type: 'markdown', ...base };
      const outcome = results.get(cell.id)?.outcome;
      const value = outcome?.status === 'ok' ? outcome.value : null;
      const outputs = value === null || cell.kind === 'input' ? [] : [outputOf(value)];
      return { cell_type: 'code', ...base, execution_count: null, outputs };
    }),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** A text in a fence that nothing inside ends. */
export function fence(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}`;
}

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}\n(cut off here)` : text;

/** Plain text of another kernel's outputs; pictures and HTML are left behind. */
function outputText(outputs: readonly unknown[]): { readonly text: string; readonly left: number } {
  const known = z.looseObject({
    text: textSchema.optional(),
    data: z.looseObject({ 'text/plain': textSchema.optional() }).optional(),
    ename: z.string().optional(),
    evalue: z.string().optional(),
  });
  let left = 0;
  const texts = outputs.flatMap((output) => {
    const { data } = known.safeParse(output);
    const plain = data?.text ?? data?.data?.['text/plain'];
    if (plain !== undefined) return [textOf(plain)];
    if (data?.ename !== undefined) return [`${data.ename}: ${data.evalue ?? ''}`];
    left += 1;
    return [];
  });
  // Colours of a terminal are no text.
  // oxlint-disable-next-line no-control-regex
  return { text: texts.join('\n').replaceAll(/\u001b\[[\d;]*m/g, ''), left };
}

export interface Imported {
  readonly notebook: Notebook;
  /** What could not be taken over as it was, in sentences. */
  readonly remarks: readonly string[];
}

/** @throws Error with a sentence for people */
export function fromIpynb(text: string, fallbackTitle: string): Imported {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('this is no Jupyter notebook: it is not JSON.');
  }
  const parsed = ipynbSchema.safeParse(json);
  if (!parsed.success)
    throw new Error(`this is no Jupyter notebook: ${z.prettifyError(parsed.error)}.`);
  const remarks: string[] = [];
  const found = parsed.data.cells;
  if (found.length > mostCells)
    remarks.push(`${found.length - mostCells} cells past the first ${mostCells} were left out.`);
  const ids = new Set<string>();
  const freshId = (): string => {
    let index = ids.size + 1;
    while (ids.has(`i${index}`)) index += 1;
    return `i${index}`;
  };
  let foreign = 0;
  let dropped = 0;
  const cells = found
    .slice(0, mostCells)
    .map(({ cell_type: type, source, metadata, outputs = [] }): Cell => {
      const body = textOf(source).replaceAll(/\r\n?/g, '\n');
      const own = cellSchema.safeParse(metadata.parley);
      if (own.success) {
        const id = ids.has(own.data.id) ? freshId() : own.data.id;
        ids.add(id);
        // Somebody may have edited the text elsewhere; what was pinned is of the text before.
        if ('source' in own.data && own.data.source !== body) {
          const { pinned: _pinned, ...cell } = own.data;
          return { ...cell, id, source: cut(body, longestSource - 100) };
        }
        return { ...own.data, id };
      }
      const id = freshId();
      ids.add(id);
      if (type === 'markdown')
        return { id, kind: 'markdown', source: cut(body, longestSource - 100) };
      foreign += 1;
      const { text: output, left } = outputText(outputs);
      dropped += left;
      const parts = [
        type === 'code' ? '*A code cell of another kernel; it cannot run here.*' : '*A raw cell.*',
        fence(cut(body, longestSource / 2)),
        ...(output.trim() === '' ? [] : ['*Its output:*', fence(cut(output, longestOutput))]),
      ];
      return { id, kind: 'markdown', source: parts.join('\n\n') };
    });
  if (foreign > 0)
    remarks.push(`${foreign} cells of another kernel became texts: they cannot run here.`);
  if (dropped > 0)
    remarks.push(`${dropped} outputs without a plain text (pictures, HTML) were left out.`);
  const title = (parsed.data.metadata.title ?? fallbackTitle)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
  return {
    notebook: notebookSchema.parse({ title: title === '' ? 'Notebook' : title, cells }),
    remarks,
  };
}

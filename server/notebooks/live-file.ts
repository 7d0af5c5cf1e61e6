/** Use case: a notebook of this installation as a file, with the results of now. Nothing is run for it. */
import { evaluateNotebook } from '../api/schemas/notebook-evaluate.ts';
import { notebookSummary } from '../api/schemas/notebook-summary.ts';
import type { Database } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import { notebookBibtex } from './cite.ts';
import { exportNotebook } from './export.ts';
import { frozenNotebookSuffixes, notebookTypes, type FrozenNotebook } from './frozen.ts';
import { liveNotebook } from './live.ts';
import { parseNotebook, readNotebookById } from './store.ts';

export interface WrittenFile {
  readonly type: string;
  readonly body: string;
}

/** A published notebook as JSON: what a link's preview says of it, and its text. */
export function publishedNotebookJson(
  { title, text, live, contentHash, createdAt }: FrozenNotebook & { readonly title: string },
  address: string,
) {
  const notebook = parseNotebook(text);
  const description = notebookSummary(notebook, evaluateNotebook(notebook, new Map()));
  return { version: 1, title, description, address, live, contentHash, createdAt, text };
}

interface Asked {
  readonly id: string;
  readonly suffix: string;
  /** Of the notebook's page. */
  readonly address: string;
}

/** @throws RunError 'notFound' for an unknown notebook, or a suffix that it has not */
export async function writeLiveNotebook(db: Database, asked: Asked): Promise<WrittenFile> {
  const { id, suffix, address } = asked;
  if (suffix === 'bib') {
    const { title, updatedAt } = await readNotebookById(db, id);
    const cited = { title, date: updatedAt, contentHash: null, changes: true };
    return { type: notebookTypes.bib, body: notebookBibtex(cited, address) };
  }
  const known = frozenNotebookSuffixes.find((one) => one === suffix);
  if (known === undefined && suffix !== 'json') {
    const all = [...frozenNotebookSuffixes, 'json', 'svg', 'png'].map((one) => `.${one}`).join(' ');
    throw new RunError('notFound', `a notebook has no .${suffix}; it has ${all}.`);
  }
  const { title, text } = await liveNotebook(db, id);
  const notebook = parseNotebook(text);
  const evaluation = evaluateNotebook(notebook, new Map());
  if (known === undefined || known === 'bib') {
    const description = notebookSummary(notebook, evaluation);
    const names = notebook.cells.map((cell) => ('name' in cell ? (cell.name ?? cell.id) : cell.id));
    const body = { version: 1, title, description, address, cells: names, text };
    return {
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(body, null, 2)}\n`,
    };
  }
  return { type: notebookTypes[known], body: await exportNotebook(notebook, evaluation, known) };
}

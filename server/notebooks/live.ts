/**
 * A notebook as it is now, with the results of now: what a live address shows. Nothing is run for it:
 * JavaScript cells have what a browser came to of the same inputs, others that need one say so. Answers are kept for a few seconds, so that many
 * readers at once cost what one does.
 */
import type { Cell, Notebook } from '../api/schemas/notebook-cells.ts';
import type { Evaluation } from '../api/schemas/notebook-evaluate.ts';
import { writeNotebook } from '../api/schemas/notebook-write.ts';
import type { Database } from '../db/client.ts';
import { keptJavascript } from './kept-results.ts';
import { runHeadless } from './run-headless.ts';
import { parseNotebook, readNotebookById } from './store.ts';

/** Every result that somebody was asked for, put into its cell. */
export function withResults(notebook: Notebook, { results }: Evaluation, at: Date): Notebook {
  return {
    ...notebook,
    cells: notebook.cells.map((cell): Cell => {
      const result = results.get(cell.id);
      if (cell.pinned !== undefined || result?.question == null) return cell;
      const value = result.outcome.status === 'ok' ? result.outcome.value : null;
      if (value === null) return cell;
      return { ...cell, pinned: { at: at.toISOString(), value: structuredClone(value) } };
    }),
  };
}

export interface LiveNotebook {
  readonly title: string;
  /** In the format of notebook-file.ts; what has a result now is pinned. */
  readonly text: string;
}

const keptMs = 5000;
const mostKept = 50;
const kept = new Map<string, { readonly at: number; readonly notebook: Promise<LiveNotebook> }>();

async function readNow(db: Database, id: string): Promise<LiveNotebook> {
  const notebook = parseNotebook((await readNotebookById(db, id)).text);
  const javascript = keptJavascript(db, id);
  const { evaluation } = await runHeadless(db, notebook, () => Promise.resolve(false), javascript);
  const { title } = notebook;
  return { title, text: writeNotebook(withResults(notebook, evaluation, new Date())) };
}

/** @throws RunError 'notFound' when it was deleted */
export async function liveNotebook(db: Database, id: string): Promise<LiveNotebook> {
  const before = kept.get(id);
  if (before !== undefined && Date.now() - before.at < keptMs) return before.notebook;
  const notebook = readNow(db, id);
  kept.set(id, { at: Date.now(), notebook });
  for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(old);
  try {
    return await notebook;
  } catch (error) {
    kept.delete(id);
    throw error;
  }
}

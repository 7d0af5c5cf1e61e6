/** Use case: a notebook's text as a page opens it, read and with its Markdown rendered. */
import { NotebookFileError, readNotebook } from '../api/schemas/notebook-file.ts';
import type { Notebook } from '../api/schemas/notebook-cells.ts';
import type { NotebookDetail } from '../api/schemas/notebook-requests.ts';
import type { OpenContent, OpenNotebook } from '../api/schemas/notebook-text.ts';
import { renderTexts } from './text-thread.ts';

/** Texts that take longer together come after the page. */
const openBudgetMs = 2000;

export async function openContent(text: string): Promise<OpenContent> {
  let notebook: Notebook;
  try {
    notebook = readNotebook(text);
  } catch (error) {
    if (!(error instanceof NotebookFileError)) throw error;
    return { kind: 'unreadable', text, problem: error.message };
  }
  const sources = notebook.cells.flatMap((cell) => (cell.kind === 'markdown' ? cell.source : []));
  return { kind: 'notebook', notebook, texts: await renderTexts(sources, openBudgetMs) };
}

export async function openNotebook({ text, ...summary }: NotebookDetail): Promise<OpenNotebook> {
  return { ...summary, content: await openContent(text) };
}

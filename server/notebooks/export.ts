/** Use case: a notebook with its results as a file. */
import type { Notebook } from '../api/schemas/notebook-cells.ts';
import type { Evaluation } from '../api/schemas/notebook-evaluate.ts';
import { writeNotebook } from '../api/schemas/notebook-write.ts';
import { toIpynb } from '../api/schemas/notebook-ipynb.ts';
import { toMarkdown } from '../api/schemas/notebook-markdown.ts';

export const notebookFormats = ['parley', 'md', 'ipynb', 'html'] as const;
export type NotebookFormat = (typeof notebookFormats)[number];

/** @param address of its page, where it is published under one: for previews of an HTML file's link */
export async function exportNotebook(
  notebook: Notebook,
  evaluation: Evaluation,
  format: NotebookFormat,
  address = '',
): Promise<string> {
  switch (format) {
    case 'parley':
      return writeNotebook(notebook);
    case 'md':
      return toMarkdown(notebook, evaluation);
    case 'ipynb':
      return toIpynb(notebook, evaluation.results);
    case 'html': {
      const { toHtml } = await import('./html.ts');
      return toHtml(notebook, evaluation, address);
    }
  }
}

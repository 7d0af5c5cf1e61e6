/** What a link's preview says of a notebook: its first words, with their numbers. Browser-safe. */
import type { Notebook } from './notebook-cells.ts';
import type { Evaluation } from './notebook-evaluate.ts';
import { filledMarkdown } from './notebook-markdown.ts';

/** Plain words of a Markdown text: no marks, links by their words, formulas left out. */
const plain = (markdown: string): string =>
  markdown
    .replaceAll(/\$\$[^$]*\$\$|```[^`]*```/g, ' ')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/^\s*(?:#+|>|[-*+]|\d+\.)\s+/gm, '')
    .replaceAll(/\\([\\|<>*_`[\]&])/g, '$1')
    .replaceAll(/[*_`$]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The first text that has words, at most so many characters of it; else how many cells there are. */
export function notebookSummary(notebook: Notebook, evaluation: Evaluation, most = 200): string {
  for (const cell of notebook.cells) {
    if (cell.kind !== 'markdown') continue;
    const words = plain(filledMarkdown(cell.source, evaluation));
    if (words === '') continue;
    return words.length <= most ? words : `${words.slice(0, most - 1).replace(/\s+\S*$/, '')}…`;
  }
  return `A notebook of ${notebook.cells.length} cells.`;
}

/** A frozen notebook as files: all its results are pinned, so nothing is asked of anybody. */
import { evaluateNotebook } from '../api/schemas/notebook-evaluate.ts';
import { notebookBibtex } from './cite.ts';
import { exportNotebook } from './export.ts';
import { parseNotebook } from './store.ts';

export const frozenNotebookSuffixes = ['html', 'md', 'ipynb', 'bib'] as const;
export type FrozenNotebookSuffix = (typeof frozenNotebookSuffixes)[number];

export const notebookTypes: Readonly<Record<FrozenNotebookSuffix, string>> = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  ipynb: 'application/x-ipynb+json; charset=utf-8',
  bib: 'application/x-bibtex; charset=utf-8',
};

export interface WrittenNotebook {
  readonly suffix: FrozenNotebookSuffix;
  readonly type: string;
  readonly body: string;
}

export interface FrozenNotebook {
  readonly text: string;
  readonly contentHash: string;
  readonly createdAt: string;
  readonly live: boolean;
  /** Of its page, where that is known. */
  readonly address?: string;
}

/** The notebook in every format, or in one. */
export async function writeFrozenNotebook(
  { text, contentHash, createdAt, live, address = '' }: FrozenNotebook,
  only?: FrozenNotebookSuffix,
): Promise<readonly WrittenNotebook[]> {
  const notebook = parseNotebook(text);
  const evaluation = evaluateNotebook(notebook, new Map());
  return Promise.all(
    frozenNotebookSuffixes
      .filter((suffix) => only === undefined || suffix === only)
      .map(async (suffix) => ({
        suffix,
        type: notebookTypes[suffix],
        body:
          suffix === 'bib'
            ? notebookBibtex(
                { title: notebook.title, date: createdAt, contentHash, changes: live },
                address,
              )
            : await exportNotebook(notebook, evaluation, suffix, address),
      })),
  );
}

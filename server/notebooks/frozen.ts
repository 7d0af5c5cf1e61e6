/** A frozen notebook as files: all its results are pinned, so nothing is asked of anybody. */
import { evaluateNotebook } from '../api/schemas/notebook-evaluate.ts';
import { exportNotebook } from './export.ts';
import { parseNotebook } from './store.ts';

export const frozenNotebookSuffixes = ['html', 'md', 'ipynb'] as const;
export type FrozenNotebookSuffix = (typeof frozenNotebookSuffixes)[number];

const types: Readonly<Record<FrozenNotebookSuffix, string>> = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  ipynb: 'application/x-ipynb+json; charset=utf-8',
};

export interface WrittenNotebook {
  readonly suffix: FrozenNotebookSuffix;
  readonly type: string;
  readonly body: string;
}

/** The notebook in every format, or in one. */
export async function writeFrozenNotebook(
  { text }: { readonly text: string },
  only?: FrozenNotebookSuffix,
): Promise<readonly WrittenNotebook[]> {
  const notebook = parseNotebook(text);
  const evaluation = evaluateNotebook(notebook, new Map());
  return Promise.all(
    frozenNotebookSuffixes
      .filter((suffix) => only === undefined || suffix === only)
      .map(async (suffix) => ({
        suffix,
        type: types[suffix],
        body: await exportNotebook(notebook, evaluation, suffix),
      })),
  );
}

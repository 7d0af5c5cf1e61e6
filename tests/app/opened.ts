/** Notebooks as the server opens and renders them, for pages whose server is plain functions. */
import { NotebookFileError, readNotebook } from '../../server/api/schemas/notebook-file.ts';
import type { NotebookDetail } from '../../server/api/schemas/notebook-requests.ts';
import type {
  OpenContent,
  OpenNotebook,
  RenderedText,
} from '../../server/api/schemas/notebook-text.ts';
import { renderText } from '../../server/notebooks/render-text.ts';

const textsOf = (sources: readonly string[]): readonly RenderedText[] =>
  sources.map((source) => ({ source, nodes: renderText(source) }));

function contentOf(text: string): OpenContent {
  try {
    const notebook = readNotebook(text);
    const sources = notebook.cells.flatMap((cell) => (cell.kind === 'markdown' ? cell.source : []));
    return { kind: 'notebook', notebook, texts: textsOf(sources) };
  } catch (error) {
    if (!(error instanceof NotebookFileError)) throw error;
    return { kind: 'unreadable', text, problem: error.message };
  }
}

export const opened = ({ text, ...summary }: NotebookDetail): OpenNotebook => ({
  ...summary,
  content: contentOf(text),
});

/** Answers to `notebooks.render`. */
export const rendering = {
  'notebooks.render': ({ sources }: { readonly sources: readonly string[] }) => textsOf(sources),
};

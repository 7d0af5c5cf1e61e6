/** A file of any kind that a notebook can be made of: ours, Jupyter's, or plain Markdown. Browser-safe. */
import type { Cell } from './notebook-cells.ts';
import { longestSource, mostCells } from './notebook-kinds.ts';
import { readNotebook } from './notebook-file.ts';
import { writeNotebook } from './notebook-write.ts';
import { fromIpynb } from './notebook-ipynb.ts';

/** Characters of a file that is imported: outputs of other kernels can be large, and are cut. */
export const longestImport = 30_000_000;

export interface ImportedText {
  /** In our own format. */
  readonly text: string;
  readonly remarks: readonly string[];
}

/** Markdown cut at its headings of the first two levels, outside of fences. */
function markdownCells(source: string): readonly Cell[] {
  const parts: string[] = [];
  let fence: string | null = null;
  let lines: string[] = [];
  const close = (): void => {
    if (lines.join('').trim() !== '') parts.push(lines.join('\n').trim());
    lines = [];
  };
  for (const line of source.split('\n')) {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === null && /^#{1,2} /.test(line) && parts.length < mostCells - 1) close();
    if (marks !== undefined)
      fence = fence === null ? marks : line.trim().startsWith(fence) ? null : fence;
    lines.push(line);
  }
  close();
  return parts.map((part, index) => ({
    id: `m${index + 1}`,
    kind: 'markdown',
    source: part.slice(0, longestSource),
  }));
}

/** @throws Error, NotebookFileError with a sentence for people */
export function importNotebook(fileName: string, text: string): ImportedText {
  if (text.length > longestImport) {
    throw new Error(
      `${fileName} has more than ${longestImport} characters; leave out its outputs.`,
    );
  }
  const name = fileName.replace(/\.(parley\.md|md|markdown|ipynb|txt)$/i, '');
  if (/\.ipynb$/i.test(fileName)) {
    const { notebook, remarks } = fromIpynb(text, name);
    return { text: writeNotebook(notebook), remarks };
  }
  if (/^<!-- parley:notebook /m.test(text)) {
    return { text: writeNotebook(readNotebook(text)), remarks: [] };
  }
  const source = text.replaceAll(/\r\n?/g, '\n');
  const title = /^# +(.+)$/m.exec(source)?.[1] ?? name;
  const cells = markdownCells(source);
  const clean = title.replaceAll(/\s+/g, ' ').trim().slice(0, 120);
  const notebook = { title: clean === '' ? 'Notebook' : clean, cells: [...cells] };
  return { text: writeNotebook(notebook), remarks: [] };
}

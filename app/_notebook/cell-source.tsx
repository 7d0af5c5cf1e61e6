'use client';
/** The text of a cell while it is edited; fetched when a cell is first selected. */
import type { Cell, CellKind, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { nameOf } from '../../server/api/schemas/notebook-kinds.ts';
import { CodeEditor, type CodeLanguage } from './code-editor.tsx';
import { kindWords } from './kind-words.ts';
import classes from './notebook.module.css';
import { slashMatches } from './slash.ts';

const languages: Partial<Record<CellKind, CodeLanguage>> = {
  markdown: 'markdown',
  query: 'text',
  run: 'json',
  javascript: 'javascript',
  assertion: 'text',
};

const hints: Partial<Record<CellKind, string>> = {
  markdown:
    'Markdown; $formula$; {{count(runs)}} stands for its value; / at the beginning of a line adds a cell.',
  query: 'The language of Results: model:minilm latency<5s. {{name}} stands for an input.',
  run: 'A spec as JSON, as the Run page shows it. "{{name}}" stands for an input; a list in the place of any value, as ["quad", "puma"], asks for a run of each.',
  javascript:
    'Ends with return: a value, or an array of objects, one for each row. Tables are arrays of objects by their name; sum, mean, median, extent, group, sortBy are there.',
  assertion:
    'Must be true: count(runs) > 0 and min(runs.rounds where protocol == "replicated/fast") < 900.',
};

interface SourceProps {
  readonly cell: Cell;
  readonly notebook: Notebook;
  readonly onChange: (cell: Cell) => void;
  readonly onLeave: () => void;
  readonly onNext: () => void;
  /** A cell was chosen by a slash in this one, whose text is now `rest`. */
  readonly onSlash: (cell: Cell, word: string, rest: string) => void;
}

export function Source({ cell, notebook, onChange, onLeave, onNext, onSlash }: SourceProps) {
  const language = languages[cell.kind];
  if (!('source' in cell) || language === undefined) return null;
  const names = [
    ...new Set(notebook.cells.flatMap((one) => (one.id === cell.id ? [] : (nameOf(one) ?? [])))),
  ];
  const change = (source: string): void => {
    if (cell.kind !== 'javascript') {
      onChange({ ...cell, source });
      return;
    }
    onChange({ ...cell, source });
    void import('./free-names.ts').then(({ usedNames }) => {
      const uses = usedNames(source, names);
      // Of a text that is half typed, what it used before still stands.
      if (uses !== null && uses.join() !== cell.uses.join())
        onChange({ ...cell, source, uses: [...uses] });
      return null;
    });
  };
  return (
    <>
      <CodeEditor
        key={cell.id}
        value={cell.source}
        label={`${kindWords[cell.kind]} ${nameOf(cell) ?? ''}`.trim()}
        language={language}
        words={names}
        onChange={change}
        onLeave={onLeave}
        onNext={onNext}
        {...(cell.kind === 'markdown'
          ? {
              slash: slashMatches,
              onSlash: (word: string, rest: string) => onSlash(cell, word, rest),
            }
          : {})}
      />
      <p className={classes.hint}>{hints[cell.kind]} Escape leaves the text.</p>
    </>
  );
}

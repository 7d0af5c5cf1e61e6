'use client';
/** A notebook to be read: results of now, inputs to be moved, nothing to edit and nothing around it. */
import Link from 'next/link';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import type { Cell, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { formatDate } from '../../server/api/schemas/format.ts';
import { nameOf } from '../../server/api/schemas/notebook-kinds.ts';
import { CiteNotebook } from './cite-notebook.tsx';
import { kindWords } from './kind-words.ts';
import { Asked } from './frozen-notebook.tsx';
import classes from './notebook.module.css';
import { CellOutput } from './outputs.tsx';
import { useEvaluation } from './use-evaluation.ts';
import { cellAnchor, useHashCell } from './use-hash-cell.ts';

const InputControl = lazy(async () => ({
  default: (await import('./input-control.tsx')).InputControl,
}));

interface ReaderProps {
  /** As it is saved. */
  readonly notebook: Notebook;
  /** Without its suffix: where its files are, `/n/ID` or `/s/SLUG`. */
  readonly path: string;
  /** What stands above the text: where it is from. */
  readonly note?: ReactNode;
  /** Inputs can be tried: then nothing but what the author pinned may be pinned. */
  readonly canMove?: boolean;
}

export default function Reader({ notebook: start, path, note, canMove = false }: ReaderProps) {
  /** Inputs as the reader moved them; kept by nobody. */
  const [moved, setMoved] = useState<ReadonlyMap<string, Cell>>(new Map());
  const notebook = useMemo(
    () => ({ ...start, cells: start.cells.map((cell) => moved.get(cell.id) ?? cell) }),
    [start, moved],
  );
  const evaluation = useEvaluation(notebook);
  useHashCell(notebook.cells, () => {});
  return (
    <article className={classes.page} data-reader>
      <header className={classes.top}>
        <h1>{notebook.title}</h1>
        {note}
        <p className={classes.bar}>
          <a href={`${path}.html`}>Without scripts</a>
          <a href={`${path}.md`} download>
            Markdown
          </a>
          <a href={`${path}.ipynb`} download>
            Jupyter
          </a>
          <CiteNotebook path={path} />
        </p>
      </header>
      <div className={classes.cells}>
        {notebook.cells.map((cell) => (
          <section
            key={cell.id}
            id={cellAnchor(cell)}
            className={classes.cell}
            data-kind={cell.kind}
            aria-label={`${kindWords[cell.kind]} ${nameOf(cell) ?? ''}`.trim()}
          >
            {cell.kind !== 'markdown' && (
              <header className={classes.head}>
                <span className={classes.kind}>
                  {kindWords[cell.kind]}
                  {nameOf(cell) !== null && <code>{nameOf(cell)}</code>}
                </span>
                {cell.pinned !== undefined && (
                  <span className={classes.state}>pinned {formatDate(cell.pinned.at)}</span>
                )}
              </header>
            )}
            {cell.kind === 'input' && canMove ? (
              <Suspense fallback={null}>
                <InputControl
                  cell={cell}
                  onChange={(changed) => setMoved(new Map(moved).set(changed.id, changed))}
                />
              </Suspense>
            ) : (
              <Asked cell={cell} />
            )}
            {cell.kind === 'run' &&
              cell.pinned === undefined &&
              evaluation.results.get(cell.id)?.outcome.status === 'stale' && (
                <p className={classes.stale}>
                  Not run yet; nothing is run by reading. It can be run where the notebook is
                  edited.
                </p>
              )}
            <CellOutput cell={cell} evaluation={evaluation} isFrozen={!canMove} />
          </section>
        ))}
      </div>
    </article>
  );
}

/** Above a notebook of this installation. */
export function ReaderNote({ id, updatedAt }: { readonly id: string; readonly updatedAt: string }) {
  return (
    <p className={classes.quiet}>
      Saved {formatDate(updatedAt)}; results of now. <Link href={`/n/${id}`}>Open to edit</Link>
    </p>
  );
}

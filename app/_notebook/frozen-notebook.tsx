'use client';
/** A frozen notebook: every result pinned, nothing asked of anybody, nothing to change. */
import { useMemo } from 'react';
import { evaluateNotebook } from '../../server/api/schemas/notebook-evaluate.ts';
import type { Cell, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { nameOf } from '../../server/api/schemas/notebook-kinds.ts';
import { formatDate } from '../../server/api/schemas/format.ts';
import { inputValue } from '../../server/api/schemas/notebook-evaluate.ts';
import { formatPlain } from '../../server/api/schemas/notebook-table.ts';
import { kindWords } from './kind-words.ts';
import classes from './notebook.module.css';
import { CellOutput } from './outputs.tsx';
import { cellAnchor, useHashCell } from './use-hash-cell.ts';

export default function FrozenNotebook({ notebook }: { readonly notebook: Notebook }) {
  const evaluation = useMemo(
    () => ({ ...evaluateNotebook(notebook, new Map()), before: new Map() }),
    [notebook],
  );
  useHashCell(notebook.cells, () => {});
  return (
    <article className={classes.page}>
      <h1>{notebook.title}</h1>
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
            <Asked cell={cell} />
            <CellOutput cell={cell} evaluation={evaluation} isFrozen />
          </section>
        ))}
      </div>
    </article>
  );
}

/** What the cell asked, in a line. */
export function Asked({ cell }: { readonly cell: Cell }) {
  if (cell.kind === 'input') {
    const { value, format } = inputValue(cell);
    return (
      <p>
        {cell.label}: {formatPlain(value, format)}
      </p>
    );
  }
  if (cell.kind === 'query' || cell.kind === 'assertion')
    return <pre className={classes.line}>{cell.source}</pre>;
  if (cell.kind !== 'javascript' && cell.kind !== 'run') return null;
  return (
    <details className={classes.closed}>
      <summary>{cell.kind === 'run' ? 'Spec' : 'Text'}</summary>
      <pre>{cell.source}</pre>
    </details>
  );
}

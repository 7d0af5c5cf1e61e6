'use client';
/** The address of a cell, and its result as files under addresses of their own. */
import type { Cell } from '../../server/api/schemas/notebook-cells.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Icon } from '../_components/icon.tsx';
import { useLinkBase } from '../_lib/api-compare.ts';
import classes from './notebook.module.css';
import { cellAnchor, cellWord } from './use-hash-cell.ts';

export function CellLink({
  cell,
  notebookId,
}: {
  readonly cell: Cell;
  readonly notebookId: string;
}) {
  const origin = useLinkBase();
  const anchor = cellAnchor(cell);
  const path = `/n/${notebookId}/cells/${cellWord(cell)}`;
  const files = cell.kind === 'chart' ? ['json', 'csv', 'svg'] : ['json', 'csv'];
  return (
    <details className={classes.link} data-keys>
      <summary aria-label={`Address of ${cellWord(cell)}`}>
        <Icon name="link" size={14} />
      </summary>
      <div className={classes.linkBox}>
        <a href={`#${anchor}`}>#{anchor}</a>
        <CopyButton
          value={`${origin}/n/${notebookId}#${anchor}`}
          label="Copy link"
          variant="subtle"
        />
        {cell.kind !== 'markdown' &&
          files.map((suffix) => (
            <a key={suffix} href={`${path}.${suffix}`} download={`${cellWord(cell)}.${suffix}`}>
              .{suffix}
            </a>
          ))}
      </div>
    </details>
  );
}

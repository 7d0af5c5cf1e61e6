'use client';
/** All there is to know of one cell, at the side: numbers, reason, recipe, history, price of another run. */
import { Drawer } from '@mantine/core';
import type { PaperTable } from '../../server/api/schemas/papers.ts';
import { Failure, Waiting } from '../_components/states.tsx';
import { useCell } from '../_lib/api-papers.ts';
import { CellFacts, CellHistory, CellRecipeView, CellRuns } from './cell-parts.tsx';
import classes from './papers.module.css';
import { RerunBox, type RerunScope } from './rerun-box.tsx';

interface CellPanelProps {
  readonly table: PaperTable;
  /** Null: nothing is open. */
  readonly cellId: string | null;
  readonly onClose: () => void;
}

export function CellPanel({ table, cellId, onClose }: CellPanelProps) {
  const answer = useCell(cellId);
  const { data } = answer;
  return (
    <Drawer
      lockScroll={false}
      opened={cellId !== null}
      onClose={onClose}
      position="right"
      size="min(100vw, 520px)"
      title={
        data === undefined || data.cell.id !== cellId
          ? 'Cell'
          : `${data.rowTitle}, ${data.columnTitle}`
      }
      closeButtonProps={{ 'aria-label': 'Close the cell' }}
    >
      {data !== undefined && data.cell.id === cellId ? (
        <div className={classes.panel}>
          <CellFacts detail={data} />
          <section aria-labelledby="cell-run">
            <h3 id="cell-run">Run it</h3>
            {data.price.obstacle !== null && <p className={classes.soft}>{data.price.obstacle}</p>}
            <RerunBox
              key={cellId}
              scopes={scopesOf(table, data.cell.row, cellId)}
              again={data.cell.result?.provenance === 'measured'}
            />
          </section>
          <CellRecipeView recipe={data.recipe} ownScale={data.ownScale} />
          <CellHistory detail={data} />
          <CellRuns runs={data.runs} />
        </div>
      ) : answer.error !== null ? (
        <Failure title="The cell cannot be read" reason={answer.error} retry={answer.retry} />
      ) : (
        <Waiting what="the cell" height={480} />
      )}
    </Drawer>
  );
}

function scopesOf(
  { cells }: PaperTable,
  row: string,
  cellId: string,
): readonly [RerunScope, ...RerunScope[]] {
  return [
    { value: 'cell', label: 'This cell', ids: [cellId] },
    {
      value: 'row',
      label: 'Its row',
      ids: cells.filter((cell) => cell.row === row).map(({ id }) => id),
    },
    { value: 'table', label: 'The table', ids: cells.map(({ id }) => id) },
  ];
}

'use client';
/** The paper's own grid: in each cell what is printed, what Parley gives, their ratio, and a verdict. */
import { clsx } from 'clsx';
import { useRef, useState, type KeyboardEvent } from 'react';
import {
  formatAgo,
  formatCount,
  formatDate,
  formatRatio,
} from '../../server/api/schemas/format.ts';
import type { PaperCell, PaperHeading, PaperTable } from '../../server/api/schemas/papers.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { useNow } from '../_lib/use-now.ts';
import classes from './papers.module.css';
import { VerdictMark } from './verdict-mark.tsx';
import { cellValue, reportedText } from './words.ts';

interface PaperGridProps {
  readonly table: PaperTable;
  readonly open: string | null;
  readonly onOpen: (cellId: string) => void;
}

/** Neighbours of one group under one heading. */
function groupsOf(columns: readonly PaperHeading[]) {
  const groups: { group: string | null; id: string; span: number }[] = [];
  for (const { id, group } of columns) {
    const last = groups.at(-1);
    if (last?.group === group) last.span += 1;
    else groups.push({ group, id, span: 1 });
  }
  return groups;
}

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** The next cell in a direction, places without one passed over; null at the edge. */
export function neighbourOf(
  { rows, columns, cells }: PaperTable,
  { row, column }: PaperCell,
  key: string,
): PaperCell | null {
  const step = steps[key];
  if (step === undefined) return null;
  const at = (place: { row: string; column: string }): readonly [number, number] => [
    rows.findIndex(({ id }) => id === place.row),
    columns.findIndex(({ id }) => id === place.column),
  ];
  const [y, x] = at({ row, column });
  const [down, right] = step;
  const ahead = cells
    .map((cell) => [cell, at(cell)] as const)
    .filter(([, [cellY, cellX]]) =>
      down === 0
        ? cellY === y && Math.sign(cellX - x) === Math.sign(right)
        : cellX === x && Math.sign(cellY - y) === down,
    )
    .map(([cell, [cellY, cellX]]) => [cell, Math.abs(cellY - y) + Math.abs(cellX - x)] as const)
    .toSorted(([, one], [, other]) => one - other);
  return (Number.isFinite(right) ? ahead[0] : ahead.at(-1))?.[0] ?? null;
}

/** Arrow keys, Home and End go from cell to cell; the grid is one stop of the Tab key. */
export function PaperGrid({ table, open, onOpen }: PaperGridProps) {
  const { rows, columns, cells, title } = table;
  const [last, setLast] = useState<string | null>(null);
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const stop = [last, open].find((id) => cells.some((cell) => cell.id === id)) ?? cells[0]?.id;
  const move = (cell: PaperCell, event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = neighbourOf(table, cell, event.key);
    if (next === null) return;
    event.preventDefault();
    buttons.current.get(next.id)?.focus();
  };
  const now = useNow(60_000);
  const byPlace = new Map(cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  const isGrouped = columns.some(({ group }) => group !== null);
  return (
    <Scroll label={title} className={classes.gridScroll}>
      <table className={classes.grid}>
        <thead>
          {isGrouped && (
            <tr>
              <th aria-label="Rows" />
              {groupsOf(columns).map(({ group, id, span }) => (
                <th key={id} scope="colgroup" colSpan={span}>
                  {group}
                </th>
              ))}
            </tr>
          )}
          <tr>
            {isGrouped ? <td aria-hidden="true" /> : <th aria-label="Rows" />}
            {columns.map((column) => (
              <th key={column.id} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.group !== null && <span className={classes.group}>{row.group}</span>}
                {row.title}
              </th>
              {columns.map((column) => {
                const cell = byPlace.get(`${row.id} ${column.id}`);
                return (
                  <td key={column.id}>
                    {cell !== undefined && (
                      <GridCell
                        cell={cell}
                        name={`${row.title}, ${column.title}`}
                        now={now}
                        isOpen={cell.id === open}
                        isStop={cell.id === stop}
                        onOpen={onOpen}
                        onMove={move}
                        onFocus={setLast}
                        keep={(button) => {
                          if (button === null) buttons.current.delete(cell.id);
                          else buttons.current.set(cell.id, button);
                        }}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface GridCellProps {
  readonly cell: PaperCell;
  readonly name: string;
  readonly now: number;
  readonly isOpen: boolean;
  /** Whether the Tab key stops here. */
  readonly isStop: boolean;
  readonly onOpen: (cellId: string) => void;
  readonly onMove: (cell: PaperCell, event: KeyboardEvent) => void;
  readonly onFocus: (cellId: string) => void;
  readonly keep: (button: HTMLButtonElement | null) => void;
}

/** What is under way or went wrong; none of it fills the cell. */
export function attemptsText({
  queued,
  running,
  failed,
  cancelled,
  otherEngine,
}: PaperCell['attempts']): string {
  const parts = [
    running > 0 ? 'running now' : null,
    queued > 0 ? 'queued' : null,
    failed > 0 ? `${formatCount(failed)} failed` : null,
    cancelled > 0 ? `${formatCount(cancelled)} cancelled` : null,
    otherEngine > 0 ? `${formatCount(otherEngine)} by another engine version` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function GridCell(props: GridCellProps) {
  const { cell, name, now, isOpen, isStop, onOpen, onMove, onFocus, keep } = props;
  const { result, unit, ratio, verdict, attempts } = cell;
  const tried = attemptsText(attempts);
  return (
    <button
      type="button"
      className={clsx(classes.cell, isOpen && classes.isOpen)}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      ref={keep}
      tabIndex={isStop ? 0 : -1}
      onClick={() => onOpen(cell.id)}
      onKeyDown={(event) => onMove(cell, event)}
      onFocus={() => onFocus(cell.id)}
    >
      <span className="visually-hidden">{name}: </span>
      <span className={classes.reported}>
        <ProvenanceMark of="reported" /> {reportedText(cell)}
      </span>
      {result === null ? (
        <span className={classes.value}>–</span>
      ) : (
        <>
          <span className={classes.value}>{cellValue(result.value, unit)}</span>
          <span className={classes.reported}>
            <ProvenanceMark of={result.provenance} />
            {result.shipped && ', shipped'}
          </span>
        </>
      )}
      <span className={classes.fine}>
        {[
          ratio === null ? null : formatRatio(ratio),
          result?.n == null ? null : `n = ${formatCount(result.n)}`,
        ]
          .filter((part) => part !== null)
          .join(' · ')}
        {result?.at != null && (
          <time dateTime={result.at} title={formatDate(result.at)}>
            {' · '}
            {formatAgo(result.at, now)}
          </time>
        )}
      </span>
      <VerdictMark of={verdict} />
      {tried !== '' && <span className={classes.fine}>{tried}</span>}
    </button>
  );
}

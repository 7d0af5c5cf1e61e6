'use client';
/** The paper's own grid: in each cell what is printed, what Parley gives, their ratio, and a verdict. */
import { clsx } from 'clsx';
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

export function PaperGrid({ table, open, onOpen }: PaperGridProps) {
  const { rows, columns, cells, title } = table;
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
                        onOpen={onOpen}
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
  readonly onOpen: (cellId: string) => void;
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

function GridCell({ cell, name, now, isOpen, onOpen }: GridCellProps) {
  const { result, unit, ratio, verdict, attempts } = cell;
  const tried = attemptsText(attempts);
  return (
    <button
      type="button"
      className={clsx(classes.cell, isOpen && classes.isOpen)}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onClick={() => onOpen(cell.id)}
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

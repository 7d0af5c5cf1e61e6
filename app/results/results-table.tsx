'use client';
/**
 * All runs found, as one table: only the rows in sight are drawn and read, the scroll bar is that of
 * all of them. Columns are sorted by their header and resized at its edge, by mouse and by keyboard.
 */
import { clsx } from 'clsx';
import { useMemo, useRef, type CSSProperties, type KeyboardEvent, type PointerEvent } from 'react';
import type { Group } from '../../server/api/routers/results/ids.ts';
import {
  formatCount,
  formatDate,
  plural,
  type ByteFamily,
} from '../../server/api/schemas/format.ts';
import type { Column } from '../../server/api/schemas/results-column.ts';
import { narrowColumns } from '../../server/api/schemas/results-columns.ts';
import type { GroupId } from '../../server/api/schemas/results-fields.ts';
import type { Order } from '../../server/api/schemas/results-query.ts';
import type { ResultRow } from '../../server/api/schemas/results-row.ts';
import { approximationName } from '../../server/api/schemas/spec-names.ts';
import { rowsAtATime, useResultRows } from '../_lib/api-results.ts';
import { useNow } from '../_lib/use-now.ts';
import { groupLabel, itemCount, itemsBetween } from './group-rows.ts';
import { RunCell } from './run-cell.tsx';
import classes from './results-table.module.css';
import { rowHeight, useWindow } from './use-window.ts';

interface ResultsTableProps {
  /** The query: another one is another list, shown from its top. */
  readonly list: string;
  readonly ids: readonly string[];
  /** Sizes of groups of neighbours, by the values of `fields`. */
  readonly groups: readonly Group[] | null;
  readonly fields: readonly GroupId[];
  readonly columns: readonly Column[];
  readonly widths: Readonly<Record<string, number>>;
  readonly units: ByteFamily;
  readonly order: Order;
  readonly selected: readonly string[];
  readonly stale: boolean;
  readonly onSort: (order: Order) => void;
  readonly onResize: (id: string, width: number) => void;
  readonly onSelect: (ids: readonly string[]) => void;
}

export const leastWidth = 60;
export const mostWidth = 800;
const selectWidth = 44;

export function ResultsTable(props: ResultsTableProps) {
  const {
    list,
    ids,
    groups,
    fields,
    columns,
    widths,
    units,
    order,
    selected,
    stale,
    onSort,
    onResize,
    onSelect,
  } = props;
  const length = itemCount(ids.length, groups);
  const { box, onScroll, from, to } = useWindow(length, list);
  const items = itemsBetween(from, to, ids.length, groups);
  const indexes = items.flatMap((item) => (item.kind === 'run' ? [item.index] : []));
  const firstPiece = Math.floor((indexes[0] ?? 0) / rowsAtATime);
  const lastPiece = Math.floor((indexes.at(-1) ?? 0) / rowsAtATime);
  const pieces = useMemo(
    () =>
      Array.from({ length: lastPiece - firstPiece + 1 }, (_, at) =>
        ids.slice((firstPiece + at) * rowsAtATime, (firstPiece + at + 1) * rowsAtATime),
      ).filter((piece) => piece.length > 0),
    [ids, firstPiece, lastPiece],
  );
  const { rows, error } = useResultRows(pieces);
  const now = useNow(30_000);
  const chosen = useMemo(() => new Set(selected), [selected]);
  const lastClicked = useRef<number | null>(null);
  const all = ids.length > 0 && ids.every((id) => chosen.has(id));
  const widthOf = ({ id, width }: Column): number => widths[id] ?? width;
  const total = columns.reduce((sum, column) => sum + widthOf(column), selectWidth);

  const toggle = (index: number, on: boolean, range: boolean): void => {
    const start = range ? (lastClicked.current ?? index) : index;
    lastClicked.current = index;
    const touched = ids.slice(Math.min(start, index), Math.max(start, index) + 1);
    onSelect(on ? merge(selected, touched) : without(selected, touched));
  };

  return (
    <section
      ref={box}
      className={classes.box}
      aria-label="Runs"
      // Without a place in the tab order nobody could scroll it with the keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      data-stale={stale}
      onScroll={onScroll}
    >
      <table
        className={classes.table}
        aria-rowcount={length + 1}
        style={{ '--table-width': `${total}px` } as CSSProperties}
      >
        <caption className="visually-hidden">
          {plural(ids.length, 'run')}, {columns.length} columns
        </caption>
        <colgroup>
          <col style={{ width: selectWidth }} className={classes.selectColumn} />
          {columns.map((column) => (
            <col
              key={column.id}
              style={{ width: widthOf(column) }}
              className={narrowClass(column)}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th className={classes.select} scope="col">
              <input
                type="checkbox"
                aria-label={`Select all ${formatCount(ids.length)} runs found`}
                checked={all}
                ref={(input) => {
                  if (input !== null)
                    input.indeterminate = !all && ids.some((id) => chosen.has(id));
                }}
                onChange={() => onSelect(all ? without(selected, ids) : merge(selected, ids))}
              />
            </th>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                width={widthOf(column)}
                order={order}
                onSort={onSort}
                onResize={onResize}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Gap rows={from} />}
          {items.map((item, at) => {
            const place = from + at;
            if (item.kind === 'group') {
              const own = ids.slice(item.firstRun, item.firstRun + item.group.runs);
              const label = groupLabel(fields, item.group);
              const whole = own.every((id) => chosen.has(id));
              return (
                <tr
                  key={`group ${item.firstRun}`}
                  aria-rowindex={place + 2}
                  className={classes.group}
                >
                  <td className={classes.select}>
                    <input
                      type="checkbox"
                      aria-label={`Select ${label}`}
                      checked={whole}
                      onChange={() =>
                        onSelect(whole ? without(selected, own) : merge(selected, own))
                      }
                    />
                  </td>
                  <th scope="rowgroup">
                    {label} <span className={classes.note}>{plural(own.length, 'run')}</span>
                  </th>
                  {columns.slice(1).map((column) => (
                    // No span over columns: it would bring back those that a phone leaves out.
                    <td key={column.id} className={narrowClass(column)}>
                      {/* The label reaches over here. */}
                    </td>
                  ))}
                </tr>
              );
            }
            const id = ids[item.index] ?? '';
            return (
              <Row
                key={id}
                id={id}
                place={place}
                run={rows.get(id)}
                columns={columns}
                selected={chosen.has(id)}
                now={now}
                units={units}
                error={error}
                onToggle={(on, range) => toggle(item.index, on, range)}
              />
            );
          })}
          {to < length && <Gap rows={length - to} />}
        </tbody>
      </table>
    </section>
  );
}

const narrowClass = ({ id }: Column): string =>
  narrowColumns.includes(id) ? '' : (classes.wide ?? '');

const without = (first: readonly string[], second: readonly string[]): readonly string[] => {
  const gone = new Set(second);
  return first.filter((id) => !gone.has(id));
};

function merge(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])];
}

/** The room of rows that are not drawn: one cell, so that it makes no column of its own. */
function Gap({ rows }: { rows: number }) {
  return (
    <tr aria-hidden="true">
      <td style={{ height: rows * rowHeight, padding: 0, border: 0 }}>
        {/* Room, nothing to read. */}
      </td>
    </tr>
  );
}

interface HeaderCellProps {
  readonly column: Column;
  readonly width: number;
  readonly order: Order;
  readonly onSort: (order: Order) => void;
  readonly onResize: (id: string, width: number) => void;
}

function HeaderCell({ column, width, order, onSort, onResize }: HeaderCellProps) {
  const { sort, label, help, type } = column;
  const sorted = sort !== null && order.field === sort;
  const better = column.type === 'number' && column.better !== null ? column.better : null;
  const drag = useRef<{ x: number; width: number } | null>(null);
  const resize = (next: number): void =>
    onResize(column.id, Math.round(Math.min(mostWidth, Math.max(leastWidth, next))));
  const onPointer = (event: PointerEvent<HTMLElement>): void => {
    if (event.type === 'pointerdown') {
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, width };
    } else if (event.type === 'pointermove' && drag.current !== null) {
      resize(drag.current.width + event.clientX - drag.current.x);
    } else if (event.type !== 'pointermove') drag.current = null;
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    resize(width + step);
  };
  const title = better === null ? help : `${help}; ${better} is better`;
  const name = (
    <>
      {label}
      {better !== null && !sorted && (
        // Not beside the arrow of the order: two arrows are one too many.
        <span className={classes.better} aria-hidden="true">
          {better === 'more' ? '↑' : '↓'}
        </span>
      )}
    </>
  );
  return (
    <th
      scope="col"
      className={clsx(
        type === 'number' && classes.number,
        narrowClass(column),
        column.id === 'name' && classes.first,
      )}
      aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      {sort === null ? (
        <span className={classes.label} title={title}>
          {name}
        </span>
      ) : (
        <button
          type="button"
          className={classes.label}
          title={title}
          onClick={() =>
            onSort({
              field: sort,
              descending: sorted ? !order.descending : type === 'number' && better === 'more',
            })
          }
        >
          {name}
          <span className={classes.arrow} aria-hidden="true" data-on={sorted}>
            {sorted && !order.descending ? '▲' : '▼'}
          </span>
        </button>
      )}
      <span
        // An hr is a line between paragraphs; this one is moved.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${label}`}
        aria-valuenow={width}
        aria-valuemin={leastWidth}
        aria-valuemax={mostWidth}
        // A separator that is moved is a control.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={classes.resizer}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onPointerUp={onPointer}
        onPointerCancel={onPointer}
        onKeyDown={onKey}
      />
    </th>
  );
}

interface RowProps {
  readonly id: string;
  readonly place: number;
  readonly run: ResultRow | undefined;
  readonly columns: readonly Column[];
  readonly selected: boolean;
  readonly now: number;
  readonly units: ByteFamily;
  readonly error: string | null;
  readonly onToggle: (on: boolean, range: boolean) => void;
}

function Row({ id, place, run, columns, selected, now, units, error, onToggle }: RowProps) {
  const name =
    run === undefined
      ? id
      : `${approximationName(run.spec.approximations)}, ${formatDate(run.createdAt)}`;
  return (
    <tr
      aria-rowindex={place + 2}
      className={clsx(classes.row, selected && classes.selected)}
      data-archived={run !== undefined && run.archivedAt !== null}
    >
      <td className={classes.select}>
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={selected}
          onChange={(event) =>
            onToggle(event.currentTarget.checked, (event.nativeEvent as MouseEvent).shiftKey)
          }
        />
      </td>
      {columns.map((column, index) => (
        <td
          key={column.id}
          className={clsx(
            column.type === 'number' && classes.number,
            narrowClass(column),
            column.id === 'name' && classes.first,
          )}
        >
          {run !== undefined ? (
            <RunCell column={column} run={run} now={now} units={units} />
          ) : index === 0 ? (
            <span className={classes.note}>{error ?? 'reading'}</span>
          ) : null}
        </td>
      ))}
    </tr>
  );
}

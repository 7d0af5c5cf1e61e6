'use client';
/** The table twin: the figure's own numbers, sortable. */
import { clsx } from 'clsx';
import { useState } from 'react';
import type { ChartColumn, ChartRow, ChartTableModel } from './chart.ts';
import classes from './chart.module.css';
import { Scroll } from '../_components/scroll.tsx';

interface Sort {
  readonly key: string;
  readonly descending: boolean;
}

export function ChartTable({ table, label }: { table: ChartTableModel; label: string }) {
  const [sort, setSort] = useState<Sort | null>(null);
  const rows = sort === null ? table.rows : [...table.rows].sort((a, b) => compare(a, b, sort));
  const isNumber = (column: ChartColumn): boolean => column.format !== undefined;
  return (
    <Scroll label={`${label}, table`}>
      <table className={classes.table}>
        <thead>
          <tr>
            {table.columns.map((column) => {
              const sorted = sort?.key === column.key ? sort : null;
              return (
                <th
                  key={column.key}
                  scope="col"
                  className={clsx(isNumber(column) && classes.number)}
                  aria-sort={
                    sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending'
                  }
                >
                  <button
                    type="button"
                    onClick={() =>
                      setSort({
                        key: column.key,
                        descending: sorted === null ? isNumber(column) : !sorted.descending,
                      })
                    }
                  >
                    {column.header}
                    <span aria-hidden="true" className={classes.arrow}>
                      {sorted === null ? '' : sorted.descending ? '↓' : '↑'}
                    </span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // Rows have no identity of their own; they are redrawn whole when the order changes.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index}>
              {table.columns.map((column) => {
                const value = row[column.key] ?? null;
                return (
                  <td
                    key={column.key}
                    className={clsx(isNumber(column) && classes.number)}
                    title={typeof value === 'number' ? String(value) : undefined}
                  >
                    {value === null
                      ? ''
                      : typeof value === 'number' && column.format !== undefined
                        ? column.format(value)
                        : String(value)}
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

function compare(a: ChartRow, b: ChartRow, { key, descending }: Sort): number {
  const left = a[key] ?? '';
  const right = b[key] ?? '';
  const order =
    typeof left === 'number' && typeof right === 'number'
      ? left - right
      : String(left).localeCompare(String(right), 'en', { numeric: true });
  return descending ? -order : order;
}

'use client';
/** A named table as the notebook shows it: its first columns and rows, every row with its class and runs. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import { plural } from '../../server/api/schemas/format.ts';
import { formatPlain, tableCsv, type DataTable } from '../../server/api/schemas/notebook-table.ts';
import chart from '../_charts/chart.module.css';
import { Scroll } from '../_components/scroll.tsx';
import { saveAs } from '../_lib/save.ts';
import classes from './notebook.module.css';
import { ClassMark, runsHref } from './value.tsx';

const rowsAtFirst = 12;
const rowsAtMost = 300;
const columnsAtFirst = 9;

export function DataTableView({
  table,
  name,
}: {
  readonly table: DataTable;
  readonly name: string;
}) {
  const [all, setAll] = useState(false);
  const [wide, setWide] = useState(false);
  const rows = table.rows.slice(0, all ? rowsAtMost : rowsAtFirst);
  // Bounds of intervals and their n stand behind "All columns", and always in the files.
  const main = table.columns.filter(({ key }) => !/_(low|high|n)$/.test(key) && key !== 'run');
  const columns = wide ? table.columns : main.slice(0, columnsAtFirst);
  const placeOf = new Map(table.columns.map(({ key }, place) => [key, place]));
  if (table.rows.length === 0) return <p className={classes.quiet}>No rows.</p>;
  return (
    <div>
      <Scroll label={`${name}, table`} className={classes.tableBox}>
        <table className={chart.table}>
          <thead>
            <tr>
              <th scope="col">Class</th>
              {columns.map(({ key, label, type }) => (
                <th
                  key={key}
                  scope="col"
                  title={key}
                  className={type === 'number' ? chart.number : undefined}
                >
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => {
              const href = runsHref(row.runs);
              return (
                // Rows have no identity of their own; they come anew with every answer.
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={index}>
                  <td>
                    {href === null ? (
                      <ClassMark of={row.class} />
                    ) : (
                      <Link href={href} title={`the run behind this row: ${row.runs.join(', ')}`}>
                        <ClassMark of={row.class} />
                      </Link>
                    )}
                  </td>
                  {columns.map(({ key, type, format }) => {
                    const value = row.cells[placeOf.get(key) ?? -1] ?? null;
                    return (
                      <td
                        key={key}
                        className={type === 'number' ? chart.number : undefined}
                        title={typeof value === 'number' ? String(value) : undefined}
                      >
                        {formatPlain(value, format)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      <div className={classes.tableFoot}>
        <span>
          {plural(table.total, 'row')}
          {table.rows.length < table.total &&
            `, of which the first ${table.rows.length} are here`};{' '}
          {plural(table.columns.length, 'column')}
        </span>
        {table.rows.length > rowsAtFirst && (
          <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
            {all ? 'Fewer rows' : `Show ${Math.min(rowsAtMost, table.rows.length)} rows`}
          </Button>
        )}
        {(wide || columns.length < table.columns.length) && (
          <Button size="compact-xs" variant="subtle" onClick={() => setWide(!wide)}>
            {wide ? 'Fewer columns' : 'All columns'}
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => saveAs(`${name}.csv`, 'text/csv', tableCsv(table))}
        >
          CSV
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => saveAs(`${name}.json`, 'application/json', JSON.stringify(table, null, 1))}
        >
          JSON
        </Button>
      </div>
    </div>
  );
}

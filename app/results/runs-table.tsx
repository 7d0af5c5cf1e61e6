'use client';
/** The runs as a table: units in the headers, numbers on the right, the newest first. */
import { DataTable, type DataTableSortStatus } from 'mantine-datatable';
import Link from 'next/link';
import { useState } from 'react';
import { hasRandomWeights } from '../../server/api/schemas/run-spec.ts';
import type { RunSummary } from '../../server/api/schemas/run-view.ts';
import { StateBadge } from '../_components/state-badge.tsx';
import { randomWeightsNote, warningsOf, warningTexts } from '../../server/api/schemas/warnings.ts';
import { approximationName, warningWords } from '../_lib/describe-spec.ts';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatInterval,
  formatLink,
  formatPercent,
  formatSpread,
  proportionValue,
} from '../../server/api/schemas/format.ts';
import { largest } from '../_lib/statistics.ts';
import { useNow } from '../_lib/use-now.ts';
import classes from './results.module.css';

interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  readonly selected: readonly RunSummary[];
  readonly onSelect: (runs: readonly RunSummary[]) => void;
}

/** On a phone: which run, how accurate, how fast. */
const wide = '(min-width: 40em)';

/** What a column sorts by; runs without a value come last either way. */
const keys: Readonly<Record<string, (run: RunSummary) => number | string | null>> = {
  createdAt: (run) => run.createdAt,
  approximation: (run) => approximationName(run.spec.approximations),
  samples: (run) => run.spec.dataset.samples,
  accuracy: ({ headline }) =>
    headline?.accuracy == null ? null : proportionValue(headline.accuracy.secure),
  online: (run) => run.headline?.onlineMsPerSample.median ?? null,
  bytes: (run) => (run.headline === null ? null : largest(run.headline.onlineBytesSent)),
  rounds: (run) => run.headline?.rounds ?? null,
};

export function RunsTable({ runs, selected, onSelect }: RunsTableProps) {
  const [sort, setSort] = useState<DataTableSortStatus<RunSummary>>({
    columnAccessor: 'createdAt',
    direction: 'desc',
  });
  const key = keys[String(sort.columnAccessor)] ?? keys['createdAt'];
  const records = [...runs].sort((a, b) =>
    compare(key?.(a) ?? null, key?.(b) ?? null, sort.direction),
  );
  const word = runs.some(({ spec }) => hasRandomWeights(spec)) ? 'sample' : 'review';
  const now = useNow(30_000);
  return (
    <DataTable<RunSummary>
      className={classes.table ?? ''}
      idAccessor="id"
      records={records}
      sortStatus={sort}
      onSortStatusChange={setSort}
      selectedRecords={[...selected]}
      onSelectedRecordsChange={(records) => onSelect(records)}
      getRecordSelectionCheckboxProps={(run) => ({
        'aria-label': `Select ${approximationName(run.spec.approximations)}, ${formatDate(run.createdAt)}`,
      })}
      allRecordsSelectionCheckboxProps={{ 'aria-label': 'Select all runs shown' }}
      withTableBorder
      borderRadius={6}
      verticalSpacing={7}
      highlightOnHover
      minHeight={records.length === 0 ? 120 : 0}
      columns={[
        {
          accessor: 'approximation',
          title: 'Run',
          sortable: true,
          render: (run) => (
            <>
              <Link href={`/runs/${run.id}`} className={classes.name}>
                {approximationName(run.spec.approximations)}
                <span>
                  {run.spec.model}, {run.spec.protocol.variant}
                  {run.origin === 'first-start' && ', first run'}
                </span>
              </Link>
              {warningsOf(run.spec).map((warning) => (
                <span key={warning} className={classes.warn} title={warningTexts[warning]}>
                  {warningWords[warning]}
                </span>
              ))}
              <div className={classes.narrow}>
                <StateBadge state={run.state} />
              </div>
            </>
          ),
        },
        {
          accessor: 'state',
          visibleMediaQuery: wide,
          title: 'State',
          render: (run) => <StateBadge state={run.state} />,
        },
        {
          accessor: 'createdAt',
          visibleMediaQuery: wide,
          title: 'Created',
          sortable: true,
          render: (run) => (
            <time dateTime={run.createdAt} title={formatDate(run.createdAt)}>
              {formatAgo(run.createdAt, now)}
            </time>
          ),
        },
        {
          accessor: 'network',
          visibleMediaQuery: wide,
          title: 'Network',
          render: (run) => (
            <span title={formatLink(run.spec.network)}>
              {run.spec.network.name}
              {run.linkVerdict === 'not met' && <span className={classes.warn}> not met</span>}
            </span>
          ),
        },
        {
          accessor: 'samples',
          visibleMediaQuery: wide,
          title: word === 'review' ? 'Reviews' : 'Samples',
          sortable: true,
          textAlign: 'right',
          render: (run) => formatCount(run.spec.dataset.samples),
        },
        {
          accessor: 'accuracy',
          title: 'Secure accuracy',
          sortable: true,
          textAlign: 'right',
          render: ({ headline }) =>
            headline === null ? (
              ''
            ) : headline.accuracy === null ? (
              <span className={classes.cell}>
                <span>{randomWeightsNote}</span>
              </span>
            ) : (
              <Cell
                value={formatPercent(proportionValue(headline.accuracy.secure))}
                note={`plaintext ${formatPercent(proportionValue(headline.accuracy.plaintext))}`}
                title={formatInterval(headline.accuracy.secure)}
              />
            ),
        },
        {
          accessor: 'online',
          title: `Online, per ${word}`,
          sortable: true,
          textAlign: 'right',
          render: ({ headline }) =>
            headline === null ? (
              ''
            ) : (
              <Cell
                value={formatDuration(headline.onlineMsPerSample.median)}
                note={`n = ${headline.onlineMsPerSample.n}`}
                title={formatSpread(headline.onlineMsPerSample, formatDuration)}
              />
            ),
        },
        {
          accessor: 'bytes',
          visibleMediaQuery: wide,
          title: 'Sent per party',
          sortable: true,
          textAlign: 'right',
          render: ({ headline, spec }) =>
            headline === null ? (
              ''
            ) : (
              <Cell
                value={formatBytes(largest(headline.onlineBytesSent))}
                note={`a batch of ${spec.measurement.batchSize}`}
              />
            ),
        },
        {
          accessor: 'rounds',
          visibleMediaQuery: wide,
          title: 'Rounds',
          sortable: true,
          textAlign: 'right',
          render: ({ headline }) => (headline === null ? '' : formatCount(headline.rounds)),
        },
      ]}
    />
  );
}

function Cell({ value, note, title }: { value: string; note: string; title?: string }) {
  return (
    <span className={classes.cell} title={title}>
      {value}
      <span>{note}</span>
    </span>
  );
}

function compare(
  a: number | string | null,
  b: number | string | null,
  direction: 'asc' | 'desc',
): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return direction === 'asc' ? order : -order;
}

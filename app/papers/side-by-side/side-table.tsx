'use client';
/** One row a method and origin: accuracy, latency, bytes, rounds, memory; or the price of a run. */
import { Button, Checkbox } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import { metricById, metricsOf } from '../../../server/api/schemas/compare-metrics.ts';
import type { ComparedRun } from '../../../server/api/schemas/compare-run.ts';
import { defaultUnits } from '../../../server/api/schemas/compare-units.ts';
import { formatAgo, formatDuration } from '../../../server/api/schemas/format.ts';
import {
  sideMethodNames,
  timedRun,
  type SideEntry,
  type SideSubject,
} from '../../../server/api/schemas/papers-side-by-side.ts';
import { askAboveMs } from '../../../server/api/schemas/papers.ts';
import { Icon } from '../../_components/icon.tsx';
import { ProvenanceMark } from '../../_components/provenance.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Notice } from '../../_components/states.tsx';
import { useQueueSide } from '../../_lib/api-papers.ts';
import { useNow } from '../../_lib/use-now.ts';
import classes from '../papers.module.css';

const all = metricsOf({ ...defaultUnits, direction: 'total', phase: 'both' });
const timed = metricsOf(defaultUnits);
const columns = [
  metricById(timed, 'accuracy'),
  metricById(timed, 'time'),
  metricById(all, 'bytes'),
  metricById(timed, 'rounds'),
  metricById(timed, 'memory'),
];

interface SideTableProps {
  readonly subject: SideSubject;
  readonly title: string;
  readonly entries: readonly SideEntry[];
}

export function SideTable({ subject, title, entries }: SideTableProps) {
  return (
    <Scroll label={title}>
      <table className={classes.sideTable}>
        <thead>
          <tr>
            <th scope="col">Method</th>
            {columns.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.flatMap((entry) => {
            const runs = [entry.own, entry.shipped].filter((run) => run !== null);
            return [
              ...(entry.own === null
                ? [<NotRun key={entry.method} subject={subject} entry={entry} />]
                : []),
              ...runs.map((run) => <RunRow key={run.id} entry={entry} run={run} />),
            ];
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function RunRow({ entry, run }: { readonly entry: SideEntry; readonly run: ComparedRun }) {
  const now = useNow(60_000);
  const timed = timedRun(run);
  return (
    <tr>
      <th scope="row">
        <Link href={`/runs/${run.id}`}>{sideMethodNames[entry.method]}</Link>
        <small>
          <ProvenanceMark of={run.provenance} />
          {run.shipped ? ', shipped with Parley' : ', here'}
          {run.finishedAt !== null && `, ${formatAgo(run.finishedAt, now)}`}
        </small>
        <small>
          {entry.words}; {run.spec.protocol.variant}
        </small>
      </th>
      {columns.map((column) => {
        const isTime = column.id === 'time';
        const figure = isTime && timed.time === null ? null : column.of(timed.run);
        return (
          <td key={column.key}>
            {figure === null ? column.none : column.format(figure.value)}
            {figure !== null && figure.note !== '' && <small>{figure.note}</small>}
            {isTime && timed.time === 'replayed' && (
              <small>
                <ProvenanceMark of="replayed" />, the link was not as asked for
              </small>
            )}
            {isTime && timed.time === null && (
              <small>the link was not as asked for, and nothing was replayed</small>
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** What has no run of this installation: why, or its price and a button. */
function NotRun({ subject, entry }: { readonly subject: SideSubject; readonly entry: SideEntry }) {
  const { method, set, spec, obstacle, words, underway, failed, wallMs } = entry;
  const queue = useQueueSide();
  const [sure, setSure] = useState(false);
  const asks = wallMs !== null && wallMs > askAboveMs;
  const name = sideMethodNames[method];
  return (
    <tr>
      <th scope="row">
        {name}
        <small>
          {words}
          {spec !== null && `; ${spec.protocol.variant}`}
        </small>
      </th>
      <td colSpan={columns.length} className={classes.notRun}>
        {obstacle !== null ? (
          obstacle
        ) : underway !== null ? (
          <span className={classes.inline}>
            <Icon name="wave" size={14} /> On its way:{' '}
            <Link href={`/runs/${underway}`}>watch it</Link>
          </span>
        ) : (
          <div className={classes.inline}>
            <span>
              not run yet here
              {wallMs !== null && `; ${formatDuration(wallMs)} of this machine, predicted`}
            </span>
            {asks && (
              <Checkbox
                size="xs"
                label="Yes, that long"
                checked={sure}
                onChange={({ currentTarget }) => setSure(currentTarget.checked)}
              />
            )}
            <Button
              size="xs"
              variant="default"
              disabled={asks && !sure}
              loading={queue.isPending}
              aria-label={`Queue it: ${name}, ${set === 'own' ? 'own protocol' : 'one protocol'}`}
              onClick={() => queue.mutate({ subject, method, set })}
            >
              Queue it
            </Button>
          </div>
        )}
        {failed !== null && (
          <small>
            The last attempt <Link href={`/runs/${failed.runId}`}>failed</Link>
            {failed.reason === null ? '.' : `: ${failed.reason}`}
          </small>
        )}
        {queue.error !== null && <Notice tone="bad">{queue.error.message}</Notice>}
      </td>
    </tr>
  );
}

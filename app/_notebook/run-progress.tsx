'use client';
/** Runs of a cell that are under way, and those that ended without a result. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useEffect } from 'react';
import { formatDuration, formatPercent, shortHash } from '../../server/api/schemas/format.ts';
import type { OpenRuns } from '../../server/api/schemas/notebook-evaluate.ts';
import { endStates } from '../../server/api/schemas/run-view.ts';
import { useLiveRun } from '../_lib/api.ts';
import classes from './notebook.module.css';

/** The newest run of each spec that has no result, where it ended: not lost, and not hidden. */
export function Stopped({ runs }: { readonly runs: OpenRuns['stopped'] }) {
  if (runs.length === 0) return null;
  return (
    <p className={classes.stale}>
      Ended without a result:{' '}
      {runs.map(({ id, state }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link href={`/runs/${id}`}>run {shortHash(id)}</Link> ({state})
        </span>
      ))}
      .
    </p>
  );
}

/** How far a run of this cell is, by its own events. */
export function Progress({ id, onEnd }: { readonly id: string; readonly onEnd: () => void }) {
  const { live, reconnecting } = useLiveRun(id);
  const { state, fraction, etaMs } = live;
  const isDone = state === 'done';
  useEffect(() => {
    if (isDone) onEnd();
    // Once, when it is done.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isDone]);
  const hasStopped = state !== null && endStates.includes(state) && !isDone;
  return (
    <div className={classes.progress}>
      <progress
        max={1}
        value={fraction ?? (state === 'scoring' ? 1 : 0)}
        aria-label="Progress of the run"
      />
      <span aria-live="polite">
        <Link href={`/runs/${id}`}>Run {shortHash(id)}</Link>: {state ?? 'queued'}
        {fraction !== null && !hasStopped && `, ${formatPercent(fraction, 0)}`}
        {etaMs !== null && !hasStopped && `, about ${formatDuration(etaMs)} left`}
        {reconnecting && ', reconnecting'}
      </span>
      {hasStopped && (
        <Button size="compact-xs" variant="subtle" onClick={onEnd}>
          Close
        </Button>
      )}
    </div>
  );
}

'use client';
/**
 * A run cell whose spec has lists: how many runs it is, which of them are there already, what the others
 * cost together, and how far they are. Runs that are there are not made again unless somebody says so.
 */
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { asSentence, formatDuration, plural } from '../../server/api/schemas/format.ts';
import type { Outcome } from '../../server/api/schemas/notebook-evaluate.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Sweep } from '../../server/api/schemas/sweep.ts';
import { mostSweepRuns, sweepSize } from '../../server/api/schemas/sweep-size.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { useCreateSweep, useSweepPrice } from '../_lib/api.ts';
import { useAskAgain, useCancelRuns, useRunMissing } from '../_lib/api-notebooks.ts';
import { sum } from '../_lib/statistics.ts';
import classes from './notebook.module.css';
import { Progress, Stopped } from './run-progress.tsx';

interface SweepCellProps {
  /** With its lists. */
  readonly spec: RunSpec;
  readonly sweep: Sweep;
  readonly outcome: Outcome | undefined;
  readonly canRun: boolean;
}

export function SweepCell({ spec, sweep, outcome, canRun }: SweepCellProps) {
  const size = sweepSize(sweep.axes);
  const isBad = outcome?.status === 'error' || size > mostSweepRuns;
  const price = useSweepPrice(isBad ? null : sweep);
  const runMissing = useRunMissing();
  const again = useCreateSweep();
  const cancel = useCancelRuns();
  const askAgain = useAskAgain();
  const isKnown = outcome?.status === 'ok';
  const open = outcome?.status === 'stale' ? outcome.open : undefined;
  const missing = new Set(open?.missing);
  const [current] = open?.pending ?? [];
  const entries = price.data?.entries ?? [];
  // Of what is missing; where all is there, of all of them once more.
  const toMake = entries.filter(({ specHash }) => isKnown || missing.has(specHash));
  const ms = sum(toMake.map(({ runMs }) => runMs ?? 0));
  if (isBad) return null;
  const there = open === undefined ? entries.length : open.of - open.missing.length;
  return (
    <div className={classes.run}>
      {isKnown ? (
        <p>
          A sweep of {plural(entries.length === 0 ? size : entries.length, 'run')}, each the newest
          finished one of its spec.
        </p>
      ) : (
        open !== undefined && (
          <p className={classes.stale}>
            Stale: {there} of its {open.of} runs are there.
          </p>
        )
      )}
      <Stopped runs={open?.stopped ?? []} />
      <p className={classes.price} aria-live="polite">
        <ProvenanceMark of="predicted" />{' '}
        {price.error !== null ? (
          <>The price cannot be computed: {asSentence(price.error)}</>
        ) : price.data === undefined || price.stale ? (
          <>The price is being computed.</>
        ) : (
          <>
            {isKnown ? 'All of them once more' : plural(toMake.length, 'run')}: about{' '}
            {formatDuration(ms)} in all, one after the other
            {price.data.waitMs > 0 && `, after ${formatDuration(price.data.waitMs)} of waiting`}.
          </>
        )}
      </p>
      {canRun && current === undefined && (
        <Button
          size="xs"
          variant={isKnown ? 'default' : 'filled'}
          disabled={price.data === undefined || (!isKnown && open === undefined)}
          loading={runMissing.isPending || again.isPending}
          onClick={() =>
            isKnown
              ? again.mutate(sweep, { onSuccess: askAgain })
              : runMissing.mutate({ spec }, { onSuccess: askAgain })
          }
        >
          {isKnown ? 'Run all once more' : `Run ${plural(missing.size, 'run')}`}
        </Button>
      )}
      {[runMissing.error, again.error, cancel.error].map((error, index) =>
        error === null ? null : (
          <p role="alert" key={['missing', 'again', 'cancel'][index]}>
            {asSentence(error.message)}
          </p>
        ),
      )}
      {open !== undefined && current !== undefined && (
        <>
          <Counted done={there} of={open.of} left={open.pending.length} />
          <Progress key={current} id={current} onEnd={askAgain} />
          {canRun && (
            <Button
              size="compact-xs"
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate(open.pending, { onSettled: askAgain })}
            >
              {open.pending.length === 1 ? 'Cancel it' : `Cancel all ${open.pending.length}`}
            </Button>
          )}
        </>
      )}
      <Renew isWaiting={current !== undefined} askAgain={askAgain} />
    </div>
  );
}

function Counted({
  done,
  of,
  left,
}: {
  readonly done: number;
  readonly of: number;
  readonly left: number;
}) {
  return (
    <div className={classes.progress}>
      <progress max={of} value={done} aria-label="Runs of the sweep that are there" />
      <span>
        {done} of {plural(of, 'run')} there, {left} under way
      </span>
    </div>
  );
}

/** Runs end in the order of the queue, which need not be that of the lists. */
const renewMs = 15_000;

function Renew({
  isWaiting,
  askAgain,
}: {
  readonly isWaiting: boolean;
  readonly askAgain: () => void;
}) {
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(askAgain, renewMs);
    return () => clearInterval(timer);
  }, [isWaiting, askAgain]);
  return null;
}

'use client';
/**
 * A run cell below its spec: what it costs before anything starts, the button that starts it, how far it
 * is, and which finished run its numbers are of. Nothing here starts by itself.
 */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import {
  asSentence,
  formatBytes,
  formatCount,
  formatDuration,
  plural,
  shortHash,
} from '../../server/api/schemas/format.ts';
import type { CellResult } from '../../server/api/schemas/notebook-evaluate.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { splitLists } from '../../server/api/schemas/sweep-of-lists.ts';
import type { Sweep } from '../../server/api/schemas/sweep.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { useCreateRun, usePreview } from '../_lib/api.ts';
import { useAskAgain } from '../_lib/api-notebooks.ts';
import { Progress, Stopped } from './run-progress.tsx';
import { SweepCell } from './sweep-cell.tsx';
import { largest } from '../_lib/statistics.ts';
import classes from './notebook.module.css';

interface RunCellProps {
  readonly result: CellResult | undefined;
  readonly canRun: boolean;
}

export function RunCell({ result, canRun }: RunCellProps) {
  const question = result?.question;
  if (question?.kind !== 'run') return null;
  const { base, axes } = splitLists(question.spec);
  if (axes.length > 0) {
    const sweep: Sweep = { base: base as Sweep['base'], axes: [...axes] };
    return (
      <SweepCell
        key={JSON.stringify(question.spec)}
        spec={question.spec as RunSpec}
        sweep={sweep}
        outcome={result?.outcome}
        canRun={canRun}
      />
    );
  }
  return (
    <Priced
      spec={question.spec as RunSpec}
      result={result}
      canRun={canRun}
      key={JSON.stringify(question.spec)}
    />
  );
}

function Priced({ spec, result, canRun }: RunCellProps & { readonly spec: RunSpec }) {
  const outcome = result?.outcome;
  const isKnown = outcome?.status === 'ok';
  const isBad = outcome?.status === 'error';
  const preview = usePreview(isBad ? null : spec);
  const create = useCreateRun();
  const askAgain = useAskAgain();
  const [begun, setStarted] = useState<string | null>(null);
  // One that another tab or an earlier visit started goes on here.
  const under = outcome?.status === 'stale' ? outcome.open?.pending[0] : undefined;
  const started = begun ?? under ?? null;
  const run =
    outcome?.status === 'ok' && outcome.value?.kind === 'table'
      ? outcome.value.table.rows[0]?.runs[0]
      : undefined;
  const {
    latency = null,
    prediction = null,
    runMs = null,
    queue = null,
    identicalRuns = 0,
  } = preview.data ?? {};
  const start = (): void => create.mutate(spec, { onSuccess: ({ id }) => setStarted(id) });
  if (isBad) return null;
  return (
    <div className={classes.run}>
      {isKnown && run !== undefined ? (
        <p>
          From the finished run <Link href={`/runs/${run}`}>{shortHash(run)}</Link>, the newest of
          exactly this spec
          {identicalRuns > 1 && ` (${plural(identicalRuns, 'run')} in all)`}.
        </p>
      ) : (
        <p className={classes.stale}>Stale: no finished run has exactly this spec.</p>
      )}
      {outcome?.status === 'stale' && <Stopped runs={outcome.open?.stopped ?? []} />}
      <p className={classes.price} aria-live="polite">
        <ProvenanceMark of="predicted" />{' '}
        {preview.error !== null ? (
          <>The price cannot be computed: {asSentence(preview.error)}</>
        ) : latency === null || prediction === null ? (
          <>The price is being computed.</>
        ) : (
          <>
            {formatDuration(latency.onlineMs)} online a batch,{' '}
            {formatBytes(largest(prediction.onlineBytesSent))} a party,{' '}
            {formatCount(prediction.rounds)} rounds
            {runMs !== null && `; the whole run about ${formatDuration(runMs)}`}
            {queue !== null &&
              queue.runs > 0 &&
              `, after ${formatDuration(queue.waitMs)} of waiting`}
            .
          </>
        )}
      </p>
      {canRun && started === null && (
        <Button
          size="xs"
          variant={isKnown ? 'default' : 'filled'}
          disabled={prediction === null}
          loading={create.isPending}
          onClick={start}
        >
          {isKnown ? 'Run once more' : 'Run'}
        </Button>
      )}
      {create.error !== null && <p role="alert">{asSentence(create.error.message)}</p>}
      {started !== null && (
        <Progress
          key={started}
          id={started}
          onEnd={() => {
            setStarted(null);
            askAgain();
          }}
        />
      )}
    </div>
  );
}

'use client';
/** The price of one run: latency with its interval, bytes, rounds, memory, waiting, and where bytes go. */
import { clsx } from 'clsx';
import { useMemo } from 'react';
import type { LatencyPrediction } from '../../server/api/schemas/latency.ts';
import type { MemoryNeed, Preview } from '../../server/api/schemas/run-view.ts';
import {
  bytesQuantity,
  durationQuantity,
  exactBytes,
  formatBytes,
  formatCount,
  formatDuration,
  plural,
} from '../../server/api/schemas/format.ts';
import { Plot } from '../_charts/plot.tsx';
import { predictedOperationsChart } from '../_charts/predicted-operations.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import type { Answer } from '../_lib/api.ts';
import { largest, sum } from '../_lib/statistics.ts';
import classes from './preview-panel.module.css';

export type PreviewAnswer = Answer<Preview> & { readonly stale: boolean };

interface PriceProps {
  readonly preview: PreviewAnswer;
  /** The form has something to settle: what is shown is of before. */
  readonly faulty: boolean;
}

export function Price({ preview, faulty }: PriceProps) {
  const theme = useChartTheme();
  const rows = preview.data?.byOperation;
  const chart = useMemo(
    () =>
      rows === undefined || rows.length === 0 ? null : predictedOperationsChart(rows, { theme }),
    [rows, theme],
  );
  const prediction = preview.data?.prediction ?? null;
  if (preview.error !== null && preview.data === undefined) {
    return <p role="alert">The price cannot be computed: {preview.error}</p>;
  }
  const busiest = largest(prediction?.onlineBytesSent ?? []);
  const dealer = prediction?.dealerBytes ?? 0;
  const offline = sum(prediction?.offlineBytesSent ?? []) + dealer;
  const { latency = null, runMs = null, queue = null, earlierWallMs = null } = preview.data ?? {};
  return (
    <div className={classes.price} aria-busy={preview.stale} data-stale={preview.stale || faulty}>
      <ProvenanceMark of="predicted" />
      <Latency of={latency} />
      <dl className={classes.numbers} data-many={dealer > 0 || undefined}>
        <div>
          <dt>{dealer > 0 ? 'Per party, online' : 'Sent per party'}</dt>
          <Bytes of={prediction === null ? null : busiest} />
        </div>
        {dealer > 0 && (
          <div>
            <dt>Dealer, offline</dt>
            <Bytes of={dealer} />
          </div>
        )}
        <div>
          <dt>Rounds</dt>
          <dd>{prediction === null ? '–' : formatCount(prediction.rounds)}</dd>
        </div>
      </dl>
      <p className={classes.quiet}>
        One batch; of the parties the busiest, online.{' '}
        {offline === 0
          ? 'Nothing is sent offline.'
          : `Offline ${formatBytes(offline)}, before the input is known.`}
      </p>
      <p className={clsx(classes.quiet, classes.twoLines)}>
        {runMs !== null && <>The whole run takes about {formatDuration(runMs)}. </>}
        {queue !== null && <Waiting runs={queue.runs} waitMs={queue.waitMs} />}{' '}
        {earlierWallMs !== null &&
          `Earlier runs took ${formatDuration(earlierWallMs)} in all (median).`}
      </p>
      {preview.data?.memory != null ? (
        <Memory of={preview.data.memory} />
      ) : (
        <p className={classes.twoLines} />
      )}
      {chart === null ? (
        <div style={{ height: 240 }} />
      ) : (
        <>
          <Plot model={chart} />
          <p className={classes.quiet}>{chart.caption}</p>
        </>
      )}
    </div>
  );
}

const basisText = (basis: LatencyPrediction['basis']): string =>
  basis === 'formula'
    ? 'from shapes and rates alone'
    : `corrected by ${plural(basis, 'earlier run')} on this machine`;

function Latency({ of }: { of: LatencyPrediction | null }) {
  if (of === null) {
    // Its place is kept: what stands below must not move.
    return (
      <dl className={classes.latency}>
        <dt>A batch online</dt>
        <dd>
          <b>–</b>
        </dd>
      </dl>
    );
  }
  const { onlineMs, offlineMs, low80, high80, basis } = of;
  const { value, unit } = durationQuantity(onlineMs);
  return (
    <dl className={classes.latency}>
      <dt>A batch online</dt>
      <dd>
        <b>
          {value} <span>{unit}</span>
        </b>{' '}
        <span>
          {formatDuration(low80)} to {formatDuration(high80)} in 80 of 100 cases, {basisText(basis)}
          {offlineMs > 0 && `; offline ${formatDuration(offlineMs)}`}
        </span>
      </dd>
    </dl>
  );
}

function Waiting({ runs, waitMs }: { runs: number; waitMs: number }) {
  return runs === 0 ? (
    <>Nothing is ahead of it in the queue.</>
  ) : (
    <>
      {plural(runs, 'run')} ahead of it: about {formatDuration(waitMs)} of waiting.
    </>
  );
}

/** All roles run on this machine, so it has to hold all of them. */
function Memory({ of }: { of: MemoryNeed }) {
  const { partyBytes, ownerBytes, dealerBytes, totalBytes, machineBytes } = of;
  return (
    <p className={classes.quiet} title={exactBytes(totalBytes)}>
      Memory at the peak: about {formatBytes(totalBytes)} of this machine’s{' '}
      {formatBytes(machineBytes)}; {formatBytes(partyBytes)} each party, {formatBytes(ownerBytes)}{' '}
      the owner{dealerBytes > 0 && <>, {formatBytes(dealerBytes)} the dealer</>}.
    </p>
  );
}

function Bytes({ of }: { of: number | null }) {
  if (of === null) return <dd>–</dd>;
  const { value, unit } = bytesQuantity(of);
  return (
    <dd title={exactBytes(of)}>
      {value} <span>{unit}</span>
    </dd>
  );
}

/** The price in one line: "2.6 s online · 210 MB · 742 rounds". */
export function priceLine(preview: Preview | undefined): string {
  if (preview?.prediction == null) return 'No price yet';
  const { prediction, latency } = preview;
  return [
    ...(latency === null ? [] : [formatDuration(latency.onlineMs)]),
    `${formatBytes(largest(prediction.onlineBytesSent))} a party`,
    `${formatCount(prediction.rounds)} rounds`,
  ].join(' · ');
}

/** The headline numbers of one run, each with its n and interval. */
import type { SampleWord } from '../../server/api/schemas/spec-settings.ts';
import type { LatencyPrediction } from '../../server/api/schemas/latency.ts';
import type { Accuracy, Headline, ReplayedLatency } from '../../server/api/schemas/run-view.ts';
import { mostResidual } from '../_replay/point.ts';
import { Stat, StatRow } from '../_components/stat.tsx';
import {
  bytesQuantity,
  durationQuantity,
  exactBytes,
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatPercent,
  formatSpread,
  proportionValue,
} from '../../server/api/schemas/format.ts';
import { largest, sum } from '../_lib/statistics.ts';

const tokenSpan = (byBatch: readonly number[]): string => {
  const [least, most] = [Math.min(...byBatch), Math.max(...byBatch)];
  return least === most ? `${least} tokens` : `${least} to ${most} tokens, public`;
};

interface HeadlineStatsProps {
  readonly headline: Headline;
  readonly batchSize: number;
  /** What one sample is called. */
  readonly word: SampleWord;
  /** What was said of the online time before the run; null where nothing was. */
  readonly expected?: LatencyPrediction | null;
  /** Too many frames were late: the times are this machine's, not the link's. */
  readonly late?: boolean;
}

export function HeadlineStats(props: HeadlineStatsProps) {
  const { headline, batchSize, word, expected = null, late = false } = props;
  const { accuracy, onlineMs, onlineMsPerSample, onlineBytesSent, offlineBytesSent } = headline;
  const dealt = headline.correlations === 'dealer';
  const batch = batchSize === 1 ? `one ${word}` : `a batch of ${batchSize}`;
  // Costs are of one length; times are over all.
  const { lengths } = headline;
  const tokens = lengths === undefined ? '' : ` of ${lengths.stated} tokens`;
  const span = lengths === undefined ? '' : `; ${tokenSpan(lengths.byBatch)}`;
  const where = late ? ', on this machine' : '';
  return (
    <StatRow label="Headline numbers">
      {accuracy !== null && <SecureAccuracy accuracy={accuracy} />}
      {late && <LinkLatency replayed={headline.replayed ?? null} />}
      {batchSize > 1 && (
        <Stat
          label={`Online, per ${word}${where}`}
          quantity={durationQuantity(onlineMsPerSample.median)}
          note={formatSpread(onlineMsPerSample, formatDuration)}
          exact={`${onlineMsPerSample.median} ms`}
        />
      )}
      <Stat
        label={`Online, ${batch}${where}`}
        quantity={durationQuantity(onlineMs.median)}
        note={
          <>
            {formatSpread(onlineMs, formatDuration)}
            {!dealt && '; offline none'}
            {span}
            {expected !== null && <Foretold expected={expected} tookMs={onlineMs.median} />}
          </>
        }
        exact={`${onlineMs.median} ms`}
      />
      {dealt && (
        <Stat
          label={`Online + offline, ${batch}${where}`}
          quantity={durationQuantity(headline.totalMs.median)}
          note={
            <>
              offline {formatDuration(headline.offlineMs.median)}, before the input is known;{' '}
              {formatSpread(headline.totalMs, formatDuration)}
            </>
          }
          exact={`${headline.totalMs.median} ms`}
        />
      )}
      <Stat
        label="Sent per party, online"
        quantity={bytesQuantity(largest(onlineBytesSent))}
        note={
          <>
            {batch}
            {tokens}, busiest party; {formatBytes(sum(onlineBytesSent))} all parties
            {sum(offlineBytesSent) > 0 && <>; offline {formatBytes(largest(offlineBytesSent))}</>}
          </>
        }
        exact={exactBytes(largest(onlineBytesSent))}
      />
      {dealt && (
        <Stat
          label="Sent by the dealer, offline"
          quantity={bytesQuantity(headline.dealerBytes)}
          note={
            <>
              {batch}
              {tokens}; all roles, both phases {formatBytes(headline.totalBytesSent)}
            </>
          }
          exact={exactBytes(headline.dealerBytes)}
        />
      )}
      <Stat
        label="Rounds"
        quantity={{ value: formatCount(headline.rounds), unit: '' }}
        note={`${batch}, exact`}
      />
    </StatRow>
  );
}

/** "expected 2.6 s (2.1 s to 3.4 s): inside". */
function Foretold({ expected, tookMs }: { expected: LatencyPrediction; tookMs: number }) {
  const { onlineMs, low80, high80 } = expected;
  const inside = tookMs >= low80 && tookMs <= high80;
  return (
    <>
      ; expected {formatDuration(onlineMs)} ({formatDuration(low80)} to {formatDuration(high80)} in
      80 of 100 cases), {inside ? 'inside' : tookMs < low80 ? 'faster' : 'slower'}
    </>
  );
}

/** Where frames were late: what the link itself would have taken, if the replay can tell. */
function LinkLatency({ replayed }: { replayed: ReplayedLatency | null }) {
  if (replayed === null || Math.abs(replayed.share) > mostResidual) return null;
  const { onlineMs, n, share } = replayed;
  return (
    <Stat
      label="Online on the asked link, replayed"
      quantity={durationQuantity(onlineMs)}
      note={`too many frames were late to measure it; a machine for each party, n = ${n}; the replay on this machine is ${formatPercent(Math.abs(share))} off its measured time`}
      exact={`${onlineMs} ms`}
    />
  );
}

function SecureAccuracy({ accuracy: { secure, plaintext } }: { accuracy: Accuracy }) {
  return (
    <Stat
      label="Secure accuracy"
      quantity={{ value: (proportionValue(secure) * 100).toFixed(1), unit: '%' }}
      note={
        <>
          {secure.correct} of {secure.n}, {formatInterval(secure)}; plaintext{' '}
          {formatPercent(proportionValue(plaintext))}
        </>
      }
    />
  );
}

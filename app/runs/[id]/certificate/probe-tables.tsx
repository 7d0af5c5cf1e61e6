/** One probe of all links: asked and measured, everybody at once, the floor, and the machine. */
import type { ExchangeView, ProbeView } from '../../../../server/api/schemas/link-certificate.ts';
import {
  formatBitRate,
  formatCount,
  formatDuration,
  formatPercent,
  formatRoundTrip,
  formatSignificant,
} from '../../../../server/api/schemas/format.ts';
import { KeyValues } from '../../../_components/key-values.tsx';
import { ProvenanceMark } from '../../../_components/provenance.tsx';
import { Scroll } from '../../../_components/scroll.tsx';
import { Verdict } from '../../../_components/state-badge.tsx';
import classes from '../../../_run/run-view.module.css';

const engineWords: Readonly<Record<ProbeView['engine'], string>> = {
  inline: 'inline: the roles hold frames back',
  netem: 'kernel: netem in namespaces, real TCP',
  switch: 'kernel: packet switch, real TCP',
  none: 'none: nothing is imposed',
};
const factWords: Readonly<Record<string, string>> = {
  congestionControl: 'TCP congestion control',
  tcpWmem: 'TCP send buffer: least, usual, most (bytes)',
  tcpRmem: 'TCP receive buffer: least, usual, most (bytes)',
  slowStartAfterIdle: 'TCP slow start after idle',
  socketBuffersBytes: 'TCP buffers, most (bytes)',
  mtuBytes: 'MTU (bytes)',
  compensateUs: 'Taken off each delay for the switch itself (us)',
  queueLimitPackets: 'Queue limit (packets)',
  ownerShaped: 'The owner shares the queue',
  emulation: 'Emulation',
};
const topologyWords = { pair: 'a link per direction', nic: 'a card per role', shared: 'one queue' };

const rateOf = (bitsPerSecond: number | 'unlimited'): string =>
  bitsPerSecond === 'unlimited' ? 'no limit' : formatBitRate(bitsPerSecond);

/** What was asked of one directed link. */
function askedOf({ requested, matrix }: ProbeView, from: number | 'dealer', to: number | 'dealer') {
  const index = (end: number | 'dealer'): number => (end === 'dealer' ? 2 : end);
  const rttOf = (a: typeof from, b: typeof to): number =>
    matrix?.rttMs?.[index(a)]?.[index(b)] ?? requested.rttMs;
  return {
    bitsPerSecond: matrix?.bitsPerSecond?.[index(from)]?.[index(to)] ?? requested.bitsPerSecond,
    // A round trip is half of each direction's own.
    rttMs: (rttOf(from, to) + rttOf(to, from)) / 2,
  };
}

export function ProbeTables({ probe }: { probe: ProbeView }) {
  const { requested, verdict, reasons, tolerance, takenAt, attempts } = probe;
  const nothingAsked = requested.bitsPerSecond === 'unlimited' && requested.rttMs === 0;
  return (
    <>
      <div className={classes.lead}>
        {!nothingAsked && (
          <Verdict ok={verdict === 'met'}>
            {verdict === 'met' ? 'Link met' : 'Link not met'}
          </Verdict>
        )}
        <ProvenanceMark of="measured" />
        <span>
          {engineWords[probe.engine]}; {topologyWords[requested.topology]}; TCP{' '}
          {requested.tcp ?? 'warm'}; allowed: RTT within {formatPercent(tolerance.rttShare, 0)} or{' '}
          {formatDuration(tolerance.rttMs)}, rate within {formatPercent(tolerance.rateShare, 0)},
          late frames within {formatPercent(tolerance.lateShare)} or {tolerance.lateFrames}; taken{' '}
          {takenAt}
          {attempts > 1 && <>, attempt {attempts}</>}
        </span>
      </div>
      {reasons.length > 0 && (
        <ul className={classes.reasons}>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <LinkTable probe={probe} />
      {probe.duplex.length > 0 && (
        <ExchangeTable
          exchanges={[...probe.duplex, ...(probe.allToAll === null ? [] : [probe.allToAll])]}
        />
      )}
      <Machine probe={probe} />
    </>
  );
}

function LinkTable({ probe }: { probe: ProbeView }) {
  return (
    <Scroll label="Asked and measured, link by link">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Link</th>
            <th scope="col">RTT asked</th>
            <th scope="col">median</th>
            <th scope="col">least</th>
            <th scope="col">99 %</th>
            <th scope="col">n</th>
            <th scope="col">Rate asked</th>
            <th scope="col">measured</th>
            <th scope="col">n</th>
          </tr>
        </thead>
        <tbody>
          {probe.measured.map(({ from, to, rttMs, bitsPerSecond, bulks }) => {
            const asked = askedOf(probe, from, to);
            return (
              <tr key={`${from}>${to}`}>
                <th scope="row">
                  {from} → {to}
                </th>
                <td>{formatRoundTrip(asked.rttMs)}</td>
                <td>{formatDuration(rttMs.p50)}</td>
                <td>{formatDuration(rttMs.min)}</td>
                <td>{formatDuration(rttMs.p99)}</td>
                <td>{rttMs.n}</td>
                <td>{rateOf(asked.bitsPerSecond)}</td>
                <td>{formatBitRate(bitsPerSecond)}</td>
                <td>{bulks}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function ExchangeTable({ exchanges }: { exchanges: readonly ExchangeView[] }) {
  return (
    <Scroll label="Several links at once">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">At once, both ways</th>
            <th scope="col">Bytes per link</th>
            <th scope="col">Took</th>
            <th scope="col">By the link model</th>
            <th scope="col">Ratio</th>
          </tr>
        </thead>
        <tbody>
          {exchanges.map(({ ends, bytesPerLink, ms, idealMs, ratio }) => (
            <tr key={ends.join()}>
              <th scope="row">{ends.join(' ↔ ')}</th>
              <td>{formatCount(bytesPerLink)}</td>
              <td>{formatDuration(ms)}</td>
              <td>{idealMs === 0 ? 'nothing asked' : formatDuration(idealMs)}</td>
              <td>{ratio === null ? '' : formatSignificant(ratio)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Machine({ probe: { floor, host, facts, late } }: { probe: ProbeView }) {
  const foreign = host.foreignCpuShare;
  return (
    <KeyValues
      entries={[
        ...(floor === null
          ? []
          : [
              [
                'Floor of this machine',
                `${formatDuration(floor.rttMs)} RTT (n = ${floor.n}), ${formatBitRate(floor.bitsPerSecond)}`,
              ] as const,
            ]),
        [
          'Late frames of the probe',
          `${formatCount(late.frames)} of ${formatCount(late.of)}, by up to ${formatDuration(late.worstMs)}`,
        ],
        ...(foreign === null ? [] : [['Foreign CPU', formatPercent(foreign)] as const]),
        ['Host', `${host.cores} cores, ${host.platform} ${host.kernel}`],
        ...Object.entries(facts).map(
          ([name, value]) => [factWords[name] ?? name, String(value)] as const,
        ),
      ]}
    />
  );
}

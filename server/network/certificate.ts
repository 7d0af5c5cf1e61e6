/**
 * Link certificate: what was asked of the network, what was measured, and whether they agree. Plain
 * data, stored with the run. A run whose links did not meet the asked ones must not be shown as one
 * on these links; emulation that does nothing is found out here.
 */
import { cpus, loadavg, platform, release } from 'node:os';
import { headerBytes } from './frame.ts';
import { serialisationMs } from './link-clock.ts';
import { checkLink } from './link.ts';
import type { Link } from './link.ts';
import { peerName } from './peer-name.ts';
import { pingBytes } from './probe.ts';
import type { LinkMeasurement } from './probe.ts';

export interface LinkTolerance {
  /** RTT may differ by this share of the asked one, or by `rttMs`, whichever is more. */
  readonly rttShare: number;
  readonly rttMs: number;
  readonly rateShare: number;
}

export interface LinkCertificate {
  readonly requested: Link;
  readonly measured: readonly LinkMeasurement[];
  /** The machine at the time of judging: a busy one explains what it could not keep up with. */
  readonly host: {
    readonly cores: number;
    readonly platform: string;
    readonly kernel: string;
    /** Runnable processes, mean of the last minute. */
    readonly loadAverage: number;
  };
  readonly tolerance: LinkTolerance;
  readonly verdict: 'met' | 'not met';
  /** One sentence for each thing that is not met; empty when all is. */
  readonly reasons: readonly string[];
}

export const linkTolerance: LinkTolerance = { rttShare: 0.1, rttMs: 0.2, rateShare: 0.1 };

const inMs = (ms: number): string => `${ms.toPrecision(3)} ms`;
const inMbit = (bitsPerSecond: number): string =>
  `${Number((bitsPerSecond / 1e6).toPrecision(3))} Mbit/s`;

function judgeLink(link: Link, measured: LinkMeasurement): string[] {
  const reasons: string[] = [];
  const pair = `${peerName(measured.from)} to ${peerName(measured.to)}`;
  const { rttShare, rttMs, rateShare } = linkTolerance;
  // A ping takes the asked RTT and, twice, the time in which the link serialises it.
  const askedRttMs = link.rttMs + 2 * serialisationMs(link, headerBytes + pingBytes);
  const allowedMs = Math.max(rttShare * askedRttMs, rttMs);
  // Written so that NaN is not met either.
  const rttMet = Math.abs(measured.rttMs.p50 - askedRttMs) <= allowedMs;
  const unlimited = link.bitsPerSecond === 'unlimited';
  if (!(unlimited && link.rttMs === 0) && !rttMet) {
    reasons.push(
      `RTT ${pair}: asked ${inMs(askedRttMs)}, measured ${inMs(measured.rttMs.p50)} ` +
        `(median of ${measured.rttMs.n}), allowed +-${inMs(allowedMs)}.`,
    );
  }
  if (link.bitsPerSecond !== 'unlimited') {
    const asked = link.bitsPerSecond;
    if (!(Math.abs(measured.bitsPerSecond - asked) <= rateShare * asked)) {
      reasons.push(
        `Rate ${pair}: asked ${inMbit(asked)}, measured ${inMbit(measured.bitsPerSecond)} ` +
          `over ${measured.bulkBytes} bytes, allowed +-${100 * rateShare} %.`,
      );
    }
  }
  return reasons;
}

/**
 * Judges the measurements of all parties together against the link they asked for. Of an unlimited
 * rate, or no delay and no rate, nothing can fail: it is only measured. Throws `EngineError('range')`
 * for a link that `checkLink` refuses.
 */
export function judgeProbe(link: Link, measured: readonly LinkMeasurement[]): LinkCertificate {
  checkLink(link);
  const reasons = measured.flatMap((measurement) => judgeLink(link, measurement));
  if (measured.length === 0) reasons.push('No link was measured.');
  return {
    requested: link,
    measured,
    host: {
      cores: cpus().length,
      platform: platform(),
      kernel: release(),
      loadAverage: loadavg()[0] ?? Number.NaN,
    },
    tolerance: linkTolerance,
    verdict: reasons.length === 0 ? 'met' : 'not met',
    reasons,
  };
}

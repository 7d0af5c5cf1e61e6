/**
 * Link certificate: what was asked of the network, what was measured, and whether they agree. Plain
 * data, stored with the run. A run whose links did not meet the asked ones must not be shown as one
 * on these links; emulation that does nothing is found out here.
 */
import { cpus, loadavg, platform, release } from 'node:os';
import type { NetEngine, NetFacts } from './backend.ts';
import { headerBytes } from './frame.ts';
import { serialisationMs } from './link-clock.ts';
import { checkLink, linkChoiceOf, unlimitedLink } from './link.ts';
import type { Link, LinkChoice, LinkMatrix } from './link.ts';
import { peerName } from './peer-name.ts';
import { judgeExchange } from './probe-exchange.ts';
import type { ExchangeResult } from './probe-exchange.ts';
import type { FloorMeasurement } from './probe-floor.ts';
import type { ProbeReport } from './probe-network.ts';
import { pingBytes } from './probe.ts';
import type { LinkMeasurement } from './probe.ts';

export interface LinkTolerance {
  /** RTT may differ by this share of the asked one, or by `rttMs`, whichever is more. */
  readonly rttShare: number;
  readonly rttMs: number;
  readonly rateShare: number;
  /** Of the frames of the probe, or `lateFrames` of them: fewer cannot be told from none. */
  readonly lateShare: number;
  readonly lateFrames: number;
}

/** The machine while it was probed: a busy one explains what it could not keep up with. */
export interface CertificateHost {
  readonly cores: number;
  readonly platform: string;
  readonly kernel: string;
  /** Runnable processes, mean of the last minute. */
  readonly loadAverage: number;
  /** Share of all cores that work of others took during the probe; null = not known. */
  readonly foreignCpuShare: number | null;
}

export interface LinkCertificate {
  readonly engine: NetEngine;
  readonly requested: Link;
  /** What single links were asked for instead. */
  readonly matrix: LinkMatrix | null;
  readonly measured: readonly LinkMeasurement[];
  /** Both directions of each pair at once. */
  readonly duplex: readonly ExchangeResult[];
  /** Everybody to everybody at once; null with two ends, or in a short probe. */
  readonly allToAll: ExchangeResult | null;
  readonly floor: FloorMeasurement | null;
  readonly late: ProbeReport['late'];
  readonly host: CertificateHost;
  /** Of the TCP that carried the frames. */
  readonly facts: NetFacts;
  /** How often the probe was taken until this result: a busy moment is given another chance. */
  readonly attempts: number;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly tolerance: LinkTolerance;
  readonly verdict: 'met' | 'not met';
  /** One sentence for each thing that is not met; empty when all is. */
  readonly reasons: readonly string[];
}

export const linkTolerance: LinkTolerance = {
  rttShare: 0.05,
  rttMs: 0.06,
  rateShare: 0.02,
  lateShare: 0.005,
  lateFrames: 2,
};

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

function judgeLate({ frames, of, worstMs }: ProbeReport['late']): string[] {
  const { lateShare, lateFrames } = linkTolerance;
  if (frames <= Math.max(lateFrames, lateShare * of)) return [];
  const allowed = `allowed ${100 * lateShare} % or ${lateFrames} frames`;
  return [`Late frames: ${frames} of ${of} in the probe, by up to ${inMs(worstMs)}, ${allowed}.`];
}

/** What was asked of a directed link. */
const askedLink = (choice: LinkChoice, { from, to }: LinkMeasurement): Link =>
  (typeof choice === 'function' ? choice(from, to) : choice) ?? unlimitedLink;

export interface JudgeRequest {
  readonly link: Link;
  readonly matrix?: LinkMatrix | undefined;
  readonly engine: NetEngine;
  readonly reports: readonly ProbeReport[];
  readonly foreignCpuShare: number | null;
  readonly facts: NetFacts;
  readonly attempts: number;
}

/**
 * Judges the reports of all roles together against the links they asked for. Of an unlimited rate, or
 * no delay and no rate, nothing can fail: it is only measured. Throws `EngineError('range')` for a link
 * that `checkLink` refuses.
 */
export function certify(request: JudgeRequest): LinkCertificate {
  const { link, matrix, engine, reports, foreignCpuShare, facts, attempts } = request;
  checkLink(link);
  const choice = linkChoiceOf(link, matrix);
  const measured = reports.flatMap(({ measurements }) => measurements);
  const late = {
    frames: reports.reduce((sum, report) => sum + report.late.frames, 0),
    of: reports.reduce((sum, report) => sum + report.late.of, 0),
    worstMs: Math.max(0, ...reports.map((report) => report.late.worstMs)),
  };
  const exchanges = groupExchanges(choice, reports);
  const reasons = [
    ...measured.flatMap((measurement) => judgeLink(askedLink(choice, measurement), measurement)),
    ...judgeLate(late),
    ...(measured.length === 0 ? ['No link was measured.'] : []),
  ];
  const busy = foreignCpuShare !== null && foreignCpuShare > 0.25;
  if (reasons.length > 0 && busy) {
    const percent = Math.round(100 * foreignCpuShare);
    reasons.push(`The machine was busy: ${percent} % of its cores worked for others meanwhile.`);
  }
  return {
    engine,
    requested: link,
    matrix: matrix ?? null,
    measured,
    duplex: exchanges.filter(({ ends }) => ends.length === 2),
    allToAll: exchanges.find(({ ends }) => ends.length > 2) ?? null,
    floor: reports.find(({ floor }) => floor !== null)?.floor ?? null,
    late,
    host: {
      cores: cpus().length,
      platform: platform(),
      kernel: release(),
      loadAverage: loadavg()[0] ?? Number.NaN,
      foreignCpuShare,
    },
    facts,
    attempts,
    takenAt: new Date().toISOString(),
    tolerance: linkTolerance,
    verdict: reasons.length === 0 ? 'met' : 'not met',
    reasons,
  };
}

function groupExchanges(choice: LinkChoice, reports: readonly ProbeReport[]): ExchangeResult[] {
  const all = reports.flatMap(({ exchanges }) => exchanges);
  const names = [...new Set(all.map(({ ends }) => ends.join()))];
  return names.flatMap((name) => {
    const result = judgeExchange(
      choice,
      all.filter(({ ends }) => ends.join() === name),
    );
    return result === null ? [] : [result];
  });
}

/** `certify` of measurements alone, for tests and benchmarks of single links. */
export const judgeProbe = (link: Link, measurements: readonly LinkMeasurement[]): LinkCertificate =>
  certify({
    link,
    engine: 'inline',
    reports: [
      {
        measurements,
        exchanges: [],
        floor: null,
        late: { frames: 0, of: 0, worstMs: 0 },
        cpuMs: 0,
        startMs: 0,
        endMs: 0,
      },
    ],
    foreignCpuShare: null,
    facts: {},
    attempts: 1,
  });

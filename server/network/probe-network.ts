/** Everything that one role measures before (or, in short, after) a run, as one report. */
import type { Channel, LinkCounters, Peer } from '../engine/channel.ts';
import { monotonicMs } from '../engine/clock.ts';
import type { LinkChoice } from './link.ts';
import { exchangeAll } from './probe-exchange.ts';
import type { ExchangeReport } from './probe-exchange.ts';
import { probeFloor } from './probe-floor.ts';
import type { FloorMeasurement } from './probe-floor.ts';
import { probeLinks } from './probe.ts';
import type { LinkMeasurement, ProbeDepth } from './probe.ts';

export interface ProbeReport {
  /** Of the links on which this role sends. */
  readonly measurements: readonly LinkMeasurement[];
  /** Duplex of each pair, then all to all; empty in a short probe. */
  readonly exchanges: readonly ExchangeReport[];
  /** Of party 0, on one host, in a full probe. */
  readonly floor: FloorMeasurement | null;
  /** While links were measured one by one. `worstMs` is a bound: no frame was later. */
  readonly late: { readonly frames: number; readonly of: number; readonly worstMs: number };
  /** CPU time of this process in the probe, and when that was (ms of `monotonicMs`). */
  readonly cpuMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Run by every party and the dealer at the same time. The probe's bytes are in the channel's counters.
 * `sharedLoopback`: all roles can reach each other on 127.0.0.1, so that the floor can be measured.
 */
export async function probeNetwork(
  channel: Channel,
  link: LinkChoice | undefined,
  depth: ProbeDepth,
  sharedLoopback: boolean,
): Promise<ProbeReport> {
  const startMs = monotonicMs();
  const cpuBefore = process.cpuUsage();
  const before = channel.counters();
  const measurements = await probeLinks(channel, link, depth);
  const counters = channel.counters().filter(({ peer }) => peer !== 'owner');
  const since = (read: (counter: (typeof counters)[number]) => number): number =>
    counters.reduce((sum, counter) => sum + read(counter), 0) -
    before.reduce((sum, counter) => sum + (counter.peer === 'owner' ? 0 : read(counter)), 0);
  const beforeOf = (of: Peer): LinkCounters | undefined => before.find(({ peer }) => peer === of);
  const late = {
    frames: since(({ framesLate }) => framesLate),
    of: since(({ framesReceived }) => framesReceived),
    worstMs: Math.max(0, ...counters.map((after) => worstSince(beforeOf(after.peer), after))),
  };
  const full = depth === 'full';
  const exchanges = full ? await exchangeAll(channel, link) : [];
  const floor = full && sharedLoopback ? await probeFloor(channel) : null;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuMs = (user + system) / 1000;
  return { measurements, exchanges, floor, late, cpuMs, startMs, endMs: monotonicMs() };
}

/**
 * The counter's worst frame may be one of the run before this probe; then all that frames were overdue
 * in the probe, together, bounds what the worst of them was.
 */
function worstSince(before: LinkCounters | undefined, after: LinkCounters): number {
  if (after.framesLate === (before?.framesLate ?? 0)) return 0;
  if (after.worstLateMs > (before?.worstLateMs ?? 0)) return after.worstLateMs;
  return Math.min(after.worstLateMs, (after.overdue?.ms ?? 0) - (before?.overdue?.ms ?? 0));
}

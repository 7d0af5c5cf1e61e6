/**
 * Probe: measures the links of a run over the run's own channel, before the run.
 *
 * Every ordered pair of compute parties, and of the dealer and a party, in turn, the others idle (they
 * wait for a token): the initiator sends pings of 64 bytes one by one, then a bulk that the other end acknowledges with one
 * byte. Both are application-level: what a protocol will see, the event loops of both ends included.
 *
 * The rate is that of the wire, to be compared with what was asked:
 *   rate = (payload + frame headers) * 8 * overheadFactor / (time - RTT)
 * where RTT is the asked one, or the shortest measured one where that is less. So an emulated link
 * is never reported faster than asked, and a link without shaping is not helped by a delay it lacks.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Channel, Peer } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';
import { monotonicMs } from '../engine/clock.ts';
import { headerBytes } from './frame.ts';
import { serialisationMs } from './link-clock.ts';
import { unlimitedLink } from './link.ts';
import type { Link, LinkChoice, LinkEnd } from './link.ts';
import { peerName } from './peer-name.ts';

export interface RttSummary {
  readonly n: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
}

/** One directed link as its sender measured it. */
export interface LinkMeasurement {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly rttMs: RttSummary;
  /** Wire rate; the median of `bulks` transfers of `bulkBytes` payload bytes. */
  readonly bitsPerSecond: number;
  readonly bulkBytes: number;
  readonly bulks: number;
}

export const pingBytes = 64;
const ackBytes = 1;
const pieceBytes = 2 ** 20;
const smallestBulkBytes = 256 * 1024;
const largestBulkBytes = 16 * 2 ** 20;

/** What is done on one link: both ends work it out from the asked link alone. */
export interface ProbePlan {
  readonly pings: number;
  /** Not counted: first pings find cold code. */
  readonly warmUpPings: number;
  readonly bulkBytes: number;
  /** A short transfer is repeated, because one hiccup of the machine would decide it. */
  readonly bulks: number;
  /** Not counted: TCP's window, code, heap and the kernel's buffers reach 5 Gbit/s only after some transfers. */
  readonly warmUpBulks: number;
}

/** full: before a run. short: after it, to see whether the link is still the same. */
export type ProbeDepth = 'full' | 'short';

export function planProbe(link: Link, depth: ProbeDepth = 'full'): ProbePlan {
  if (depth === 'short') {
    const { bulkBytes } = planProbe(link);
    // The connections have just been used; over a WAN every round trip counts.
    const near = link.rttMs <= 20;
    const cold = (link.tcp ?? 'warm') !== 'warm';
    const [pings, warmUpPings] = near ? [8, 1] : [3, 0];
    return { pings, warmUpPings, bulkBytes, bulks: 1, warmUpBulks: near || cold ? 1 : 0 };
  }
  const pings = link.rttMs <= 20 ? 50 : Math.ceil(1000 / link.rttMs);
  const rate = link.bitsPerSecond === 'unlimited' ? Infinity : link.bitsPerSecond;
  const fifthOfSecond = (0.2 * rate) / 8 / link.overheadFactor;
  const bulkBytes = Math.round(
    Math.min(largestBulkBytes, Math.max(smallestBulkBytes, fifthOfSecond)),
  );
  const short = serialisationMs(link, bulkBytes) + link.rttMs < 60;
  // 50 ms of them: until the code of both ends is compiled a round trip takes 0.05 ms more.
  const warmUpPings =
    link.rttMs <= 20 ? Math.min(100, Math.ceil(50 / Math.max(link.rttMs, 0.1))) : 0;
  // A window that starts small has grown only after some round trips.
  const cold = (link.tcp ?? 'warm') === 'warm' ? 0 : 2;
  return { pings, warmUpPings, bulkBytes, bulks: short ? 5 : 1, warmUpBulks: short ? 5 : cold };
}

/** The value below which a share `q` of the sorted values lies (nearest rank). */
export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;

export function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    pieces.push(bytes.subarray(at, at + pieceBytes));
  }
  return pieces;
}

export async function receiveBytes(channel: Channel, from: Peer, bytes: number): Promise<void> {
  const payload = await channel.receive(from);
  if (payload.length === bytes) return;
  const text = `probe: ${peerName(from)} sent ${payload.length} bytes, expected ${bytes}`;
  throw new EngineError('channel', `${text} (do both ends ask for the same link?)`);
}

async function measure(
  channel: Channel,
  pair: { from: LinkEnd; to: LinkEnd },
  link: Link,
  depth: ProbeDepth,
): Promise<LinkMeasurement> {
  const { to } = pair;
  const plan = planProbe(link, depth);
  const ping = new Uint8Array(pingBytes);
  const rtts: number[] = [];
  for (let i = 0; i < plan.warmUpPings + plan.pings; i += 1) {
    const sentMs = monotonicMs();
    channel.send(to, [ping]);
    await receiveBytes(channel, to, pingBytes);
    if (i >= plan.warmUpPings) rtts.push(monotonicMs() - sentMs);
  }
  rtts.sort((a, b) => a - b);
  const min = quantile(rtts, 0);
  const pieces = piecesOf(new Uint8Array(plan.bulkBytes));
  const wireBits = (plan.bulkBytes + pieces.length * headerBytes) * 8 * link.overheadFactor;
  const rates: number[] = [];
  for (let i = 0; i < plan.warmUpBulks + plan.bulks; i += 1) {
    const sentMs = monotonicMs();
    for (const piece of pieces) {
      channel.send(to, [piece]);
      // Lets the socket take more of what is queued; the link's own time does not depend on it.
      await nextTurn();
    }
    await receiveBytes(channel, to, ackBytes);
    const transferMs = monotonicMs() - sentMs - Math.min(link.rttMs, min);
    if (i >= plan.warmUpBulks) rates.push((wireBits * 1000) / transferMs);
  }
  rates.sort((a, b) => a - b);
  return {
    ...pair,
    rttMs: { n: plan.pings, min, p50: quantile(rtts, 0.5), p99: quantile(rtts, 0.99) },
    bitsPerSecond: quantile(rates, 0.5),
    bulkBytes: plan.bulkBytes,
    bulks: plan.bulks,
  };
}

async function answer(
  channel: Channel,
  from: LinkEnd,
  link: Link,
  depth: ProbeDepth,
): Promise<void> {
  const plan = planProbe(link, depth);
  const ping = new Uint8Array(pingBytes);
  for (let i = 0; i < plan.warmUpPings + plan.pings; i += 1) {
    await receiveBytes(channel, from, pingBytes);
    channel.send(from, [ping]);
  }
  const pieces = piecesOf(new Uint8Array(plan.bulkBytes));
  for (let i = 0; i < plan.warmUpBulks + plan.bulks; i += 1) {
    for (const piece of pieces) await receiveBytes(channel, from, piece.length);
    channel.send(from, [new Uint8Array(ackBytes)]);
  }
}

/** The parties by number, then the dealer: everybody takes turns in this order. */
const turnOf = (end: LinkEnd): number => (end === 'dealer' ? Infinity : end);

/** Everybody at the end of an emulated link, in the order of turns. */
export const endsOf = ({ self, peers }: Channel): LinkEnd[] =>
  [self, ...peers]
    .filter((end): end is LinkEnd => end !== 'owner')
    .sort((a, b) => turnOf(a) - turnOf(b));

/**
 * Run by every party and the dealer at the same time, over the run's channel; the owner takes no part.
 * Returns the measurements of the links on which this role sends. `link` is what was asked (a link
 * that is not given counts as unlimited). Takes about (1 s + 50 RTT at most) per ordered pair.
 *
 * The probe's bytes are in the channel's counters: call `resetCounters()` afterwards. Rejects with
 * `EngineError('channel')` as `receive` does.
 */
export async function probeLinks(
  channel: Channel,
  link: LinkChoice | undefined,
  depth: ProbeDepth = 'full',
): Promise<LinkMeasurement[]> {
  const self = channel.self;
  if (self === 'owner') return [];
  const ends = endsOf(channel);
  const others = ends.filter((end) => end !== self);
  const asked = (from: LinkEnd, to: LinkEnd): Link =>
    (typeof link === 'function' ? link(from, to) : link) ?? unlimitedLink;
  const token = new Uint8Array(1);
  const results: LinkMeasurement[] = [];
  for (const [turn, from] of ends.entries()) {
    const before = ends[turn - 1];
    if (from === self && before !== undefined) await receiveBytes(channel, before, token.length);
    for (const to of ends) {
      if (to !== from && from === self)
        results.push(await measure(channel, { from, to }, asked(from, to), depth));
      else if (to !== from && to === self) await answer(channel, from, asked(from, to), depth);
    }
    const next = ends[turn + 1];
    if (from === self && next !== undefined) channel.send(next, [token]);
  }
  // The last one tells everybody that the network is free for the run.
  const last = ends.at(-1);
  if (last === self) for (const to of others) channel.send(to, [token]);
  else if (last !== undefined) await receiveBytes(channel, last, token.length);
  return results;
}

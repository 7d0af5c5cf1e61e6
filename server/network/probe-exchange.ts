/**
 * Exchange: several roles send to one another at once. With two it is the duplex test of a pair, with
 * all of them the all-to-all test, which shows what the machine can carry of the whole network, and
 * who shares a rate.
 *
 * Everybody is on one clock (roles of one host): each first message holds its sender's start. What it
 * should have taken is worked out by the link model from the same starts.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Channel } from '../engine/channel.ts';
import { monotonicMs } from '../engine/clock.ts';
import { headerBytes } from './frame.ts';
import { LinkModel } from './link-model.ts';
import { unlimitedLink } from './link.ts';
import type { Link, LinkChoice, LinkEnd } from './link.ts';
import { endsOf, piecesOf, receiveBytes } from './probe.ts';

/** What one role saw of one exchange. */
export interface ExchangeReport {
  readonly self: LinkEnd;
  readonly ends: readonly LinkEnd[];
  readonly bytes: number;
  readonly startMs: number;
  /** When the last byte from each other end was handed over. */
  readonly arrivals: readonly { readonly from: LinkEnd; readonly atMs: number }[];
}

const smallestBytes = 128 * 1024;
const largestBytes = 4 * 2 ** 20;
const ackBytes = 1;
const tokenBytes = 1;

/** A tenth of a second of the link's time, within bounds: the same for all links of an exchange. */
export function exchangeBytes(links: readonly Link[]): number {
  const rates = links.map(({ bitsPerSecond }) =>
    bitsPerSecond === 'unlimited' ? Infinity : bitsPerSecond,
  );
  const tenth = (0.1 * Math.min(...rates)) / 8;
  return Math.round(Math.min(largestBytes, Math.max(smallestBytes, tenth)));
}

/** Takes part in one exchange between `ends`, of whom this role is one. The first one gives the start. */
export async function exchange(
  channel: Channel,
  ends: readonly LinkEnd[],
  bytes: number,
): Promise<ExchangeReport> {
  const { self } = channel;
  if (self === 'owner') throw new Error('the owner takes no part in an exchange');
  const others = ends.filter((end) => end !== self);
  const [leader] = ends;
  // Everybody says that it is there, then the first one says go.
  if (leader === self) {
    for (const from of others) await receiveBytes(channel, from, tokenBytes);
    for (const to of others) channel.send(to, [new Uint8Array(tokenBytes)]);
  } else if (leader !== undefined) {
    channel.send(leader, [new Uint8Array(tokenBytes)]);
    await receiveBytes(channel, leader, tokenBytes);
  }
  const startMs = monotonicMs();
  const pieces = piecesOf(new Uint8Array(bytes));
  const arrivals = others.map(async (from) => {
    for (const piece of pieces) await receiveBytes(channel, from, piece.length);
    return { from, atMs: monotonicMs() };
  });
  for (const piece of pieces) {
    for (const to of others) channel.send(to, [piece]);
    await nextTurn();
  }
  const arrived = await Promise.all(arrivals);
  // Nobody begins anything else while another still waits for its last byte.
  for (const to of others) channel.send(to, [new Uint8Array(ackBytes)]);
  for (const from of others) await receiveBytes(channel, from, ackBytes);
  return { self, ends, bytes, startMs, arrivals: arrived };
}

export interface ExchangeResult {
  readonly ends: readonly LinkEnd[];
  readonly bytesPerLink: number;
  /** From the first start to the last arrival. */
  readonly ms: number;
  /** What the link model says for the same starts; 0 where nothing is shaped. */
  readonly idealMs: number;
  /** `ms / idealMs`; null where nothing is shaped. */
  readonly ratio: number | null;
}

/** The reports of all ends of one exchange together, against the links asked for. */
export function judgeExchange(
  choice: LinkChoice | undefined,
  reports: readonly ExchangeReport[],
): ExchangeResult | null {
  const [first] = reports;
  if (first === undefined || reports.length !== first.ends.length) return null;
  const model = new LinkModel((from, to) => {
    const link = typeof choice === 'function' ? choice(from, to) : choice;
    return link === undefined ? undefined : { ...link, tcp: 'warm' };
  });
  const baseMs = Math.min(...reports.map(({ startMs }) => startMs));
  const due = new Map<string, number>();
  for (const { self, startMs, ends, bytes } of reports.toSorted((a, b) => a.startMs - b.startMs)) {
    for (const piece of piecesOf(new Uint8Array(bytes))) {
      for (const to of ends) {
        if (to === self) continue;
        const timing = model.send(startMs, self, to, headerBytes + piece.length);
        if (timing === undefined) continue;
        due.set(`${self}>${to}`, timing.dueMs);
        for (const moved of timing.moved) {
          const name = `${moved.from}>${moved.to}`;
          due.set(name, Math.max(due.get(name) ?? 0, moved.dueMs));
        }
      }
    }
  }
  const endMs = Math.max(...reports.flatMap(({ arrivals }) => arrivals.map(({ atMs }) => atMs)));
  const idealMs = due.size === 0 ? 0 : Math.max(...due.values()) - baseMs;
  const ms = endMs - baseMs;
  const { ends, bytes: bytesPerLink } = first;
  return { ends, bytesPerLink, ms, idealMs, ratio: idealMs > 0 ? ms / idealMs : null };
}

/** Every pair in turn, then all at once; the pairs are those of `endsOf`. */
export async function exchangeAll(
  channel: Channel,
  choice: LinkChoice | undefined,
): Promise<ExchangeReport[]> {
  const { self } = channel;
  const ends = endsOf(channel);
  const linkOf = (from: LinkEnd, to: LinkEnd): Link =>
    (typeof choice === 'function' ? choice(from, to) : choice) ?? unlimitedLink;
  const pairs = ends.flatMap((a, at) => ends.slice(at + 1).map((b) => [a, b] as const));
  const groups: (readonly LinkEnd[])[] = ends.length > 2 ? [...pairs, ends] : pairs;
  const reports: ExchangeReport[] = [];
  for (const group of groups) {
    if (!group.some((end) => end === self)) continue;
    const links = group.flatMap((from) =>
      group.filter((to) => to !== from).map((to) => linkOf(from, to)),
    );
    const bytes = exchangeBytes(links);
    // Where TCP starts slowly its windows are opened first: the model's time is that of open ones.
    const cold = links.some(({ tcp = 'warm' }) => tcp !== 'warm');
    if (cold) await exchange(channel, group, bytes);
    reports.push(await exchange(channel, group, bytes));
  }
  return reports;
}

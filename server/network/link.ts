/**
 * Link: what is asked of the network between two compute parties, or between the dealer and a party,
 * as plain data (JSON-safe, browser-safe).
 *
 * A link is directed. The topology says who shares a rate:
 *   pair    nobody: every directed pair has its own;
 *   nic     all that one role sends goes out through its one network card;
 *   shared  everything, both directions and all pairs, goes through one queue, as with `tc` on `lo`.
 */
import type { Peer } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';

export interface Link {
  /** For people and reports, e.g. `puma-lan`. 1 to 64 characters. */
  readonly name: string;
  /** Rate of one direction on the wire, or `unlimited`: bytes take no time of their own. */
  readonly bitsPerSecond: number | 'unlimited';
  /** Round trip in milliseconds; each direction takes half of it. 0 = no delay of its own. */
  readonly rttMs: number;
  /** Wire bytes per byte written to TCP: Ethernet, IP and TCP headers. */
  readonly overheadFactor: number;
  readonly topology: Topology;
  /** Absent = `warm`. */
  readonly tcp?: TcpMode | undefined;
}

export const topologies = ['pair', 'nic', 'shared'] as const;
export type Topology = (typeof topologies)[number];

/**
 * warm: connections whose window is never short, so rate and delay alone count. cubic: the slow-start
 * model of slow-start.ts on top. real: whatever the kernel's TCP does; nothing is modelled.
 */
export const tcpModes = ['warm', 'cubic', 'real'] as const;
export type TcpMode = (typeof tcpModes)[number];

/** 1514 bytes of Ethernet frame carry 1448 bytes of TCP payload (IPv4, timestamps). */
export const defaultOverheadFactor = 1.0456;

/** A link of its own for every directed pair, with the usual header overhead. */
export const pairLink = (name: string, bitsPerSecond: number, rttMs: number): Link => ({
  name,
  bitsPerSecond,
  rttMs,
  overheadFactor: defaultOverheadFactor,
  topology: 'pair',
});

/** No rate and no delay of its own: whatever the sockets do. */
export const unlimitedLink: Link = {
  name: 'unlimited',
  bitsPerSecond: 'unlimited',
  rttMs: 0,
  overheadFactor: 1,
  topology: 'pair',
};

/** Whoever sits at the end of an emulated link: everybody but the owner. */
export type LinkEnd = Exclude<Peer, 'owner'>;

/** One link for all pairs, or one for each directed pair. */
export type LinkChoice = Link | ((from: LinkEnd, to: LinkEnd) => Link | undefined);

/**
 * What single directed links are asked for instead of the common one: row = sender, column = receiver,
 * parties by number, then the dealer. The diagonal means nothing; an entry that is missing (the dealer's,
 * in a matrix of two) is the common one.
 */
export interface LinkMatrix {
  readonly bitsPerSecond?: readonly (readonly Link['bitsPerSecond'][])[];
  readonly rttMs?: readonly (readonly number[])[];
}

/** Two parties may have a dealer, and its number is that of a third. */
const indexOf = (end: LinkEnd): number => (end === 'dealer' ? 2 : end);

/** The link of every directed pair. */
export function linkChoiceOf(link: Link, matrix: LinkMatrix | undefined): LinkChoice {
  if (matrix === undefined) return link;
  return (from, to) => ({
    ...link,
    bitsPerSecond: matrix.bitsPerSecond?.[indexOf(from)]?.[indexOf(to)] ?? link.bitsPerSecond,
    rttMs: matrix.rttMs?.[indexOf(from)]?.[indexOf(to)] ?? link.rttMs,
  });
}

const ranges = {
  bitsPerSecond: { low: 1e4, high: 1e12, unit: 'bit/s' },
  rttMs: { low: 0, high: 1e4, unit: 'ms' },
  overheadFactor: { low: 1, high: 2, unit: '' },
} as const;

function checkNumber(link: Link, field: keyof typeof ranges): void {
  const value: unknown = link[field];
  const { low, high, unit } = ranges[field];
  // NaN fails every comparison, so it is refused here too.
  if (typeof value === 'number' && value >= low && value <= high) return;
  const or = field === 'bitsPerSecond' ? ", or 'unlimited'" : '';
  const given = typeof value === 'string' ? `'${value}'` : String(value);
  throw new EngineError(
    'range',
    `link '${link.name}': ${field} is ${given}, allowed: ${low} to ${high} ${unit}`.trimEnd() + or,
  );
}

function checkChoice(name: string, field: string, value: unknown, known: readonly string[]): void {
  if (known.some((choice) => choice === value)) return;
  const allowed = known.map((choice) => `'${choice}'`).join(', ');
  throw new EngineError(
    'range',
    `link '${name}': ${field} is '${String(value)}', allowed: ${allowed}`,
  );
}

/**
 * Returns the link when every field is in its range; throws `EngineError('range')` naming the field,
 * its value and what is allowed. A rate of 0 is refused; an RTT of 0 is a link with a rate only (the
 * emp-toolkit LAN script asks for one).
 */
export function checkLink(link: Link): Link {
  const name: unknown = link.name;
  if (typeof name !== 'string' || name.length < 1 || name.length > 64) {
    throw new EngineError('range', `link: name is '${String(name)}', allowed: 1 to 64 characters`);
  }
  if (link.bitsPerSecond !== 'unlimited') checkNumber(link, 'bitsPerSecond');
  checkNumber(link, 'rttMs');
  checkNumber(link, 'overheadFactor');
  checkChoice(name, 'topology', link.topology, topologies);
  checkChoice(name, 'tcp', link.tcp ?? 'warm', tcpModes);
  return link;
}

/** Whether the link asks for nothing: then frames carry no stamp and are delivered on arrival. */
export const isUnshaped = (link: Link): boolean =>
  link.bitsPerSecond === 'unlimited' && link.rttMs === 0;

/** The link to impose from one role to another; links of the owner are never shaped. */
export function shapedLink(choice: LinkChoice | undefined, from: Peer, to: Peer): Link | undefined {
  // To itself a role has no link; the diagonal of a matrix means nothing.
  if (from === 'owner' || to === 'owner' || from === to) return undefined;
  const link = typeof choice === 'function' ? choice(from, to) : choice;
  if (link === undefined) return undefined;
  checkLink(link);
  return isUnshaped(link) ? undefined : link;
}

/**
 * Where the time of a replayed inference goes, and which of it counts. Pure and browser-safe.
 *
 * Every moment of every role, from start to latency, is one of four things, so each role's parts sum to
 * the latency:
 *   compute        it computes, or takes in a frame;
 *   propagation    it waits, and the last bit of the frame has left the sender;
 *   serialisation  it waits, and the frame was handed over but has not left (queueing included);
 *   waiting        it waits, and the peer has not come to sending; or it has not begun; or is through.
 *
 * The critical path is found backwards from the role that ends last: what it did, back to the last frame
 * that it had to wait for, then the frame's way, then what its sender did before, and so on to the
 * start. Its pieces sum to the latency too; making anything else faster changes nothing by itself.
 */
import type { Peer } from '../../engine/channel.ts';
import { computing, receiving } from './recording.ts';
import type { Recording } from './recording.ts';
import type { Replay, RoleReplay } from './replay.ts';

export const timeParts = ['compute', 'serialisation', 'propagation', 'waiting'] as const;
export type TimePart = (typeof timeParts)[number];
export type PartsMs = Record<TimePart, number>;

/** One role at one operation of one place. */
export interface TimeRow {
  readonly role: Peer;
  readonly path: string;
  readonly op: string;
  readonly ms: PartsMs;
  /** How much of it is on the critical path. */
  readonly criticalMs: PartsMs;
}

export interface WhereTime {
  readonly latencyMs: number;
  readonly rows: readonly TimeRow[];
  readonly roles: readonly { readonly role: Peer; readonly ms: PartsMs }[];
  /** Of the critical path. */
  readonly criticalMs: PartsMs;
  /** Who ends last. */
  readonly last: Peer;
}

const noParts = (): PartsMs => ({ compute: 0, serialisation: 0, propagation: 0, waiting: 0 });

function add(to: PartsMs, parts: PartsMs): void {
  for (const part of timeParts) to[part] += parts[part];
}

const sumOf = (all: readonly PartsMs[]): PartsMs => {
  const sum = noParts();
  for (const parts of all) add(sum, parts);
  return sum;
};

/** What the time from `fromMs` to `toMs`, spent in waiting for the event's frame, was spent on. */
function waitParts({ flights }: RoleReplay, event: number, fromMs: number, toMs: number): PartsMs {
  const parts = noParts();
  const flight = flights[event];
  if (flight === undefined) return parts;
  const overlap = (from: number, to: number): number =>
    Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs));
  parts.waiting = overlap(Number.NEGATIVE_INFINITY, flight.sentMs);
  parts.serialisation = overlap(flight.sentMs, flight.stampMs);
  parts.propagation = overlap(flight.stampMs, Infinity);
  return parts;
}

export function whereTime(recording: Recording, replayed: Replay): WhereTime {
  const { latencyMs, roles } = replayed;
  const rows = new Map<string, TimeRow>();
  const rowOf = (role: Peer, path: string, op: string): TimeRow => {
    const key = `${role} ${path} ${op}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = { role, path, op, ms: noParts(), criticalMs: noParts() };
      rows.set(key, row);
    }
    return row;
  };
  const rowAt = ({ recording: { role, place } }: RoleReplay, event: number): TimeRow => {
    const { path, op } = recording.places[place[event] ?? 0] ?? { path: '', op: 'local' };
    return rowOf(role, path, op);
  };

  for (const role of roles) {
    const { kind, startMs } = role.recording;
    if (startMs > 0) rowOf(role.recording.role, '', 'start').ms.waiting += startMs;
    for (let event = 0; event < kind.length; event += 1) {
      const [begin, ready, end] = timesAt(role, event);
      if (kind[event] === computing) rowAt(role, event).ms.compute += end - begin;
      if (kind[event] !== receiving) continue;
      const { ms } = rowAt(role, event);
      ms.compute += end - ready;
      add(ms, waitParts(role, event, begin, ready));
    }
    const restMs = latencyMs - (role.endMs.at(-1) ?? startMs);
    if (restMs > 0) rowOf(role.recording.role, '', 'end').ms.waiting += restMs;
  }

  const last = markCritical(roles, rowAt, rowOf);
  const all = [...rows.values()];
  return {
    latencyMs,
    rows: all,
    roles: roles.map(({ recording: { role } }) => ({
      role,
      ms: sumOf(all.filter((row) => row.role === role).map(({ ms }) => ms)),
    })),
    criticalMs: sumOf(all.map(({ criticalMs }) => criticalMs)),
    last,
  };
}

/** Walks back from the end; returns who ended last. */
function markCritical(
  roles: readonly RoleReplay[],
  rowAt: (role: RoleReplay, event: number) => TimeRow,
  rowOf: (role: Peer, path: string, op: string) => TimeRow,
): Peer {
  const endOf = ({ endMs, recording }: RoleReplay): number => endMs.at(-1) ?? recording.startMs;
  let at = roles.reduce((latest, role) => (endOf(role) > endOf(latest) ? role : latest));
  const last = at.recording.role;
  let event = at.recording.kind.length - 1;
  while (event >= 0) {
    const { kind } = at.recording;
    const [begin, ready, end] = timesAt(at, event);
    if (kind[event] === computing) rowAt(at, event).criticalMs.compute += end - begin;
    const flight = at.flights[event];
    if (flight === undefined) {
      event -= 1;
      continue;
    }
    const { criticalMs } = rowAt(at, event);
    criticalMs.compute += end - ready;
    if (ready <= begin) {
      event -= 1;
      continue;
    }
    add(criticalMs, waitParts(at, event, flight.sentMs, ready));
    at = roles.find(({ recording }) => recording.role === flight.from) ?? at;
    event = flight.event - 1;
  }
  rowOf(at.recording.role, '', 'start').criticalMs.waiting += at.recording.startMs;
  return last;
}

const timesAt = ({ beginMs, readyMs, endMs }: RoleReplay, event: number) =>
  [beginMs[event] ?? 0, readyMs[event] ?? 0, endMs[event] ?? 0] as const;

/**
 * One inference event by event: what every role did when, and which frames went between them. Built
 * from a run's recording and its replay at the run's own network, which puts all roles on one clock.
 * Pure and browser-safe; times in milliseconds from the start of the inference.
 *
 * A lane's segments follow each other and never overlap, so their running sums answer "how much in
 * this range" by two searches, however many events there are.
 */
import { computing, receiving } from '../../server/network/replay/recording.ts';
import type { Recording, RoleRecording } from '../../server/network/replay/recording.ts';
import type { Replay, RoleReplay } from '../../server/network/replay/replay.ts';

/** A party, the dealer or the owner. */
export type Role = RoleRecording['role'];

export const computes = 0;
export const waits = 1;

/** What one role did. Columns of equal length, an entry for every segment, in order of time. */
export interface Lane {
  readonly role: Role;
  readonly fromMs: Float64Array;
  readonly toMs: Float64Array;
  /** `computes` or `waits`. */
  readonly what: Uint8Array;
  /** Index into the timeline's `places`. */
  readonly place: Uint16Array;
  /** Computing and waiting up to the beginning of each segment. */
  readonly computedMs: Float64Array;
  readonly waitedMs: Float64Array;
  /** When it handed each of its frames to the link, in order, and all bytes before each. */
  readonly sentMs: Float64Array;
  readonly sentBytes: Float64Array;
  /** Everything it sent, and computed, and waited. */
  readonly totals: Sums;
}

/** A frame from one lane to another; `from` and `to` are indices of lanes. */
export interface Message {
  readonly from: number;
  readonly to: number;
  readonly sentMs: number;
  /** Its last bit had left the sender. */
  readonly leftMs: number;
  /** Its last bit was there. */
  readonly dueMs: number;
  /** Somebody was there to take it. */
  readonly takenMs: number;
  readonly bytes: number;
  readonly place: number;
}

export interface Band {
  /** First part of the path. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Timeline {
  readonly endMs: number;
  readonly lanes: readonly Lane[];
  /** In the order in which they were sent. */
  readonly messages: readonly Message[];
  readonly places: readonly { readonly path: string; readonly op: string }[];
  /** Layers of the model, as party 0 goes through them. */
  readonly bands: readonly Band[];
  /** Of the recording. */
  readonly events: number;
}

export interface Sums {
  readonly computeMs: number;
  readonly waitMs: number;
  readonly bytes: number;
  readonly messages: number;
}

export function timelineOf(recording: Recording, replayed: Replay): Timeline {
  const laneOf = new Map(replayed.roles.map((role, index) => [role.recording.role, index]));
  const messages = replayed.roles.flatMap((role, to) => {
    return role.flights.flatMap((flight, event): Message[] => {
      const from = flight === undefined ? undefined : laneOf.get(flight.from);
      if (flight === undefined || from === undefined) return [];
      const sender = replayed.roles[from]?.recording;
      return [
        {
          from,
          to,
          sentMs: flight.sentMs,
          leftMs: flight.stampMs,
          dueMs: flight.dueMs,
          takenMs: role.readyMs[event] ?? flight.dueMs,
          bytes: sender?.bytes[flight.event] ?? 0,
          place: sender?.place[flight.event] ?? 0,
        },
      ];
    });
  });
  messages.sort((a, b) => a.sentMs - b.sentMs);
  const lanes = replayed.roles.map((role, index) =>
    laneFrom(
      role,
      messages.filter(({ from }) => from === index),
    ),
  );
  return {
    endMs: replayed.latencyMs,
    lanes,
    messages,
    places: recording.places,
    bands: lanes[0] === undefined ? [] : bandsOf(lanes[0], recording.places),
    events: replayed.roles.reduce((sum, role) => sum + role.recording.kind.length, 0),
  };
}

function laneFrom(
  { recording, beginMs, readyMs, endMs }: RoleReplay,
  sent: readonly Message[],
): Lane {
  const segments: { fromMs: number; toMs: number; what: number; place: number }[] = [];
  const add = (fromMs: number, toMs: number, what: number, place: number): void => {
    if (toMs > fromMs) segments.push({ fromMs, toMs, what, place });
  };
  for (let event = 0; event < recording.kind.length; event += 1) {
    const kind = recording.kind[event];
    const place = recording.place[event] ?? 0;
    const [begin, ready, end] = [beginMs[event] ?? 0, readyMs[event] ?? 0, endMs[event] ?? 0];
    if (kind === computing) add(begin, end, computes, place);
    if (kind !== receiving) continue;
    add(begin, ready, waits, place);
    add(ready, end, computes, place);
  }
  const running = (what: number): Float64Array => {
    let sum = 0;
    return Float64Array.from(segments, (segment) => {
      const before = sum;
      if (segment.what === what) sum += segment.toMs - segment.fromMs;
      return before;
    });
  };
  const all = (what: number): number =>
    segments.reduce((sum, one) => sum + (one.what === what ? one.toMs - one.fromMs : 0), 0);
  let bytes = 0;
  const sentBytes = Float64Array.from(sent, (message) => {
    const before = bytes;
    bytes += message.bytes;
    return before;
  });
  return {
    role: recording.role,
    fromMs: Float64Array.from(segments, ({ fromMs }) => fromMs),
    toMs: Float64Array.from(segments, ({ toMs }) => toMs),
    what: Uint8Array.from(segments, ({ what }) => what),
    place: Uint16Array.from(segments, ({ place }) => place),
    computedMs: running(computes),
    waitedMs: running(waits),
    sentMs: Float64Array.from(sent, ({ sentMs }) => sentMs),
    sentBytes,
    totals: { computeMs: all(computes), waitMs: all(waits), bytes, messages: sent.length },
  };
}

/** Layers in the order of the lane; neighbours of one name are one. */
function bandsOf(lane: Lane, places: Timeline['places']): readonly Band[] {
  const bands: { name: string; fromMs: number; toMs: number }[] = [];
  for (let at = 0; at < lane.fromMs.length; at += 1) {
    const path = places[lane.place[at] ?? 0]?.path ?? '';
    const name = path.split('.')[0] ?? '';
    if (name === '') continue;
    const [fromMs, toMs] = [lane.fromMs[at] ?? 0, lane.toMs[at] ?? 0];
    const last = bands.at(-1);
    if (last?.name === name) last.toMs = toMs;
    else bands.push({ name, fromMs, toMs });
  }
  return bands;
}

/** How many entries of an ascending column are below `value`. */
export function countBelow(column: Float64Array, value: number): number {
  let [low, high] = [0, column.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Computing and waiting of a lane from the start to a moment. */
function spentUntil(lane: Lane, ms: number): { computeMs: number; waitMs: number } {
  const at = countBelow(lane.fromMs, ms) - 1;
  if (at < 0) return { computeMs: 0, waitMs: 0 };
  const inside = Math.min(ms, lane.toMs[at] ?? 0) - (lane.fromMs[at] ?? 0);
  const isWait = lane.what[at] === waits;
  return {
    computeMs: (lane.computedMs[at] ?? 0) + (isWait ? 0 : inside),
    waitMs: (lane.waitedMs[at] ?? 0) + (isWait ? inside : 0),
  };
}

/** What a lane computed, waited and sent from one moment to another; frames count where they are sent. */
export function sumsIn(lane: Lane, fromMs: number, toMs: number): Sums {
  const [before, after] = [spentUntil(lane, fromMs), spentUntil(lane, toMs)];
  const [first, last] = [countBelow(lane.sentMs, fromMs), countBelow(lane.sentMs, toMs)];
  const bytesAt = (index: number): number => lane.sentBytes[index] ?? lane.totals.bytes;
  return {
    computeMs: after.computeMs - before.computeMs,
    waitMs: after.waitMs - before.waitMs,
    bytes: bytesAt(last) - bytesAt(first),
    messages: last - first,
  };
}

export interface PlaceSums extends Sums {
  readonly lane: number;
  readonly path: string;
}

/** The same by role and place of the model (the path's first `depth` parts), for a table. */
export function sumsByPlace(
  timeline: Timeline,
  fromMs: number,
  toMs: number,
  depth = 2,
): readonly PlaceSums[] {
  const found = new Map<string, { -readonly [K in keyof PlaceSums]: PlaceSums[K] }>();
  const rowOf = (lane: number, place: number) => {
    const path = (timeline.places[place]?.path ?? '').split('.').slice(0, depth).join('.');
    const key = `${lane} ${path}`;
    let row = found.get(key);
    if (row === undefined) {
      row = { lane, path, computeMs: 0, waitMs: 0, bytes: 0, messages: 0 };
      found.set(key, row);
    }
    return row;
  };
  timeline.lanes.forEach((lane, index) => {
    const first = Math.max(0, countBelow(lane.fromMs, fromMs) - 1);
    for (let at = first; at < lane.fromMs.length && (lane.fromMs[at] ?? 0) < toMs; at += 1) {
      const ms = Math.min(toMs, lane.toMs[at] ?? 0) - Math.max(fromMs, lane.fromMs[at] ?? 0);
      if (ms <= 0) continue;
      const row = rowOf(index, lane.place[at] ?? 0);
      if (lane.what[at] === waits) row.waitMs += ms;
      else row.computeMs += ms;
    }
  });
  for (const { from, sentMs, bytes, place } of timeline.messages) {
    if (sentMs < fromMs || sentMs >= toMs) continue;
    const row = rowOf(from, place);
    row.bytes += bytes;
    row.messages += 1;
  }
  return [...found.values()];
}

/** What a lane does at a moment; null before its first and after its last segment. */
export function doingAt(lane: Lane, ms: number): { what: number; place: number } | null {
  const at = countBelow(lane.fromMs, ms + 1e-9) - 1;
  if (at < 0 || ms > (lane.toMs[at] ?? 0)) return null;
  return { what: lane.what[at] ?? computes, place: lane.place[at] ?? 0 };
}

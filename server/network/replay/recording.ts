/**
 * Recording: the timelines of all roles of one inference, as a replay takes them. Plain data and
 * browser-safe.
 */
import type { Peer } from '../../engine/channel.ts';
import type { Timeline, TimelinePlace } from '../../engine/timeline.ts';

/** Kinds of events, as `timelineKinds` of the engine numbers them. */
export const computing = 0;
export const sending = 1;
export const receiving = 2;

/** What one role did: columns of equal length, an entry for every event, in program order. */
export interface RoleRecording {
  readonly role: Peer;
  /** When it began, after the start of the inference as the headline counts it. Milliseconds. */
  readonly startMs: number;
  readonly kind: Uint8Array;
  /** Index into the recording's `places`. */
  readonly place: Uint16Array;
  /** Index into the recording's `peers`; 0 for computing. */
  readonly peer: Uint8Array;
  /** Payload of the frame. */
  readonly bytes: Uint32Array;
  /** CPU microseconds of computing, or of taking a frame in. */
  readonly cpuUs: Uint32Array;
  /** Wall microseconds that were waited for a frame when it was recorded. A replay does not use it. */
  readonly waitUs: Uint32Array;
}

export interface Recording {
  readonly places: readonly TimelinePlace[];
  readonly peers: readonly Peer[];
  readonly roles: readonly RoleRecording[];
  /** Bytes that the channel adds to every payload. */
  readonly headerBytes: number;
  /** From when a frame is due until a role that waits for it goes on. Milliseconds. */
  readonly wakeMs: number;
}

/** A role of one inference as it was traced. Times in ms of `monotonicMs`. */
export interface RecordedRole {
  readonly role: Peer;
  readonly startedAtMs: number;
  readonly timeline: Timeline;
}

export interface RecordingOptions {
  /** The inference's start as the headline counts it. */
  readonly startedAtMs: number;
  readonly headerBytes: number;
  readonly wakeMs: number;
  /** An empty frame that is part of the latency, and that roles were not recording yet; or none. */
  readonly firstFrame: FirstFrame | null;
}

/** `to` begins when it has it, and every other role when it did. */
export interface FirstFrame {
  readonly from: Peer;
  readonly to: Peer;
  /** Whether its sending is the first event of `from` already. */
  readonly sentInside: boolean;
}

/** Party 0 tells party 1 to begin, once the dealer is through. */
export const onlineStart: FirstFrame = { from: 0, to: 1, sentInside: false };
/** Party 0 asks the dealer for what the next inference uses up. */
export const offlineRequest: FirstFrame = { from: 0, to: 'dealer', sentInside: true };

/** Puts the roles of one inference together under one outline. */
export function recordingOf(
  recorded: readonly RecordedRole[],
  { startedAtMs, headerBytes, wakeMs, firstFrame }: RecordingOptions,
): Recording {
  const places = new Table<TimelinePlace>(({ path, op }) => `${path} ${op}`);
  const peers = new Table<Peer>(String);
  const started = places.index({ path: '', op: 'start' });
  const roles = recorded.map(({ role, startedAtMs: ownStart, timeline }): RoleRecording => {
    const ownPlaces = timeline.places.map((place) => places.index(place));
    const ownPeers = timeline.peers.map((peer) => peers.index(peer));
    const columns = {
      kind: timeline.kind,
      place: timeline.place.map((index) => ownPlaces[index] ?? 0),
      peer: timeline.peer.map((index, event) =>
        timeline.kind[event] === computing ? 0 : (ownPeers[index] ?? 0),
      ),
      bytes: timeline.bytes,
      cpuUs: timeline.cpuUs,
      waitUs: timeline.waitUs,
    };
    const startMs = Math.max(0, ownStart - startedAtMs);
    const sends = role === firstFrame?.from && !firstFrame.sentInside;
    if (firstFrame === null || !(sends || role === firstFrame.to)) {
      return { role, startMs, ...columns };
    }
    const kind = sends ? sending : receiving;
    const other = peers.index(sends ? firstFrame.to : firstFrame.from);
    return {
      role,
      startMs: sends ? startMs : 0,
      kind: Uint8Array.of(kind, ...columns.kind),
      place: Uint16Array.of(started, ...columns.place),
      peer: Uint8Array.of(other, ...columns.peer),
      bytes: Uint32Array.of(0, ...columns.bytes),
      cpuUs: Uint32Array.of(0, ...columns.cpuUs),
      waitUs: Uint32Array.of(0, ...columns.waitUs),
    };
  });
  return { places: places.entries, peers: peers.entries, roles, headerBytes, wakeMs };
}

/** Entries numbered in the order in which they are first asked for. */
class Table<T> {
  readonly entries: T[] = [];
  readonly #indices = new Map<string, number>();
  readonly #keyOf: (entry: T) => string;

  constructor(keyOf: (entry: T) => string) {
    this.#keyOf = keyOf;
  }

  index(entry: T): number {
    const key = this.#keyOf(entry);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.#indices.set(key, this.entries.length);
    return this.entries.push(entry) - 1;
  }
}

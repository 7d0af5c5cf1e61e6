/**
 * A rate that several directed links share, pure and browser-safe: one network card (`nic`), or one
 * queue for everything (`shared`).
 *
 * Frames are cut into chunks of 64 KiB. Each link is a queue, first in, first out; the queues take
 * turns, a chunk each. So two peers that are sent 10 MB each at the same time both get half of the
 * rate, and a small message does not wait for a large one to another peer. A chunk that has begun is
 * not interrupted.
 *
 * When a frame is handed over, nothing is known of those that will be handed over while it is under
 * way; they take their turns and make it end later. So a stamp is a promise until the time that it
 * names: `send` returns the stamps that it moved. Stamps only ever move later.
 */
import { chunkBytes, serialisationMs } from './link-clock.ts';
import type { Link } from './link.ts';

interface Waiting<T> {
  readonly tag: T;
  readonly link: Link;
  /** When its first chunk began; undefined = not yet. */
  startMs: number | undefined;
  leftBytes: number;
  stampMs: number;
}

export interface MovedFrame<T> {
  /** As it was given to `send`. */
  readonly tag: T;
  /** Its new end of serialisation. */
  readonly stampMs: number;
}

export interface SharedTiming<T> {
  readonly startMs: number;
  readonly stampMs: number;
  /** In the order in which they end. */
  readonly moved: readonly MovedFrame<T>[];
}

interface Planned<T> {
  readonly frame: Waiting<T>;
  readonly startMs: number;
  readonly stampMs: number;
}

/** `T` is whatever the caller knows a frame by. */
export class SharedEgress<T> {
  readonly #queues = new Map<string, Waiting<T>[]>();
  /** When the chunk under way ends, or the last one ended. */
  #freeAtMs = Number.NEGATIVE_INFINITY;
  /** Whose turn is next, by position in the order in which queues first appeared. */
  #turn = 0;

  /**
   * Hands over a frame of `frameBytes` (header included) at `atMs`, on the link named `queue`. Times
   * must not go back; one that does counts as the latest so far.
   */
  send(atMs: number, queue: string, link: Link, frameBytes: number, tag: T): SharedTiming<T> {
    this.#serveUntil(atMs);
    if (this.#isIdle()) this.#freeAtMs = Math.max(this.#freeAtMs, atMs);
    const frame = { tag, link, startMs: undefined, leftBytes: frameBytes, stampMs: Infinity };
    const frames = this.#queues.get(queue) ?? [];
    frames.push(frame);
    this.#queues.set(queue, frames);
    const timing = { startMs: atMs, stampMs: atMs };
    const moved: MovedFrame<T>[] = [];
    for (const { frame: waiting, startMs, stampMs } of this.#plan()) {
      if (waiting === frame) Object.assign(timing, { startMs, stampMs });
      else if (stampMs > waiting.stampMs) moved.push({ tag: waiting.tag, stampMs });
      waiting.stampMs = stampMs;
    }
    return { ...timing, moved };
  }

  #isIdle(): boolean {
    return [...this.#queues.values()].every((frames) => frames.length === 0);
  }

  /** Lets every chunk begin that begins before `atMs`. */
  #serveUntil(atMs: number): void {
    const names = [...this.#queues.keys()];
    while (this.#freeAtMs < atMs) {
      const at = nextTurn(names, this.#turn, (name) => (this.#queues.get(name)?.length ?? 0) > 0);
      if (at === undefined) return;
      const frames = this.#queues.get(names[at] ?? '') ?? [];
      const [frame] = frames;
      if (frame === undefined) return;
      const bytes = Math.min(chunkBytes, frame.leftBytes);
      frame.startMs ??= this.#freeAtMs;
      frame.leftBytes -= bytes;
      this.#freeAtMs += serialisationMs(frame.link, bytes);
      if (frame.leftBytes === 0) frames.shift();
      this.#turn = at + 1;
    }
  }

  /** When everything that waits would start and end if nothing else came. */
  #plan(): Planned<T>[] {
    const left = [...this.#queues.values()].map((frames) =>
      frames.map((frame) => ({ frame, startMs: frame.startMs, leftBytes: frame.leftBytes })),
    );
    const planned: Planned<T>[] = [];
    let atMs = this.#freeAtMs;
    let turn = this.#turn;
    for (;;) {
      const at = nextTurn(left, turn, (frames) => frames.length > 0);
      const frames = at === undefined ? undefined : left[at];
      const [entry] = frames ?? [];
      if (at === undefined || frames === undefined || entry === undefined) return planned;
      // Alone, it needs no turns: all of it at once is the same, and is exact.
      const alone = left.every((other) => other === frames || other.length === 0);
      const bytes = alone ? entry.leftBytes : Math.min(chunkBytes, entry.leftBytes);
      entry.startMs ??= atMs;
      entry.leftBytes -= bytes;
      atMs += serialisationMs(entry.frame.link, bytes);
      if (entry.leftBytes === 0) {
        frames.shift();
        planned.push({ frame: entry.frame, startMs: entry.startMs, stampMs: atMs });
      }
      turn = at + 1;
    }
  }
}

/** Position of the first queue at or after `turn`, cyclically, that has something to send. */
function nextTurn<T>(
  queues: readonly T[],
  turn: number,
  hasWork: (queue: T) => boolean,
): number | undefined {
  for (let step = 0; step < queues.length; step += 1) {
    const at = (turn + step) % queues.length;
    const queue = queues[at];
    if (queue !== undefined && hasWork(queue)) return at;
  }
  return undefined;
}

/**
 * The link model, pure: virtual time in, stamps out. The channel drives it with CLOCK_MONOTONIC; a
 * replay drives the same code with its own virtual time.
 *
 * A directed link is a pipe that serialises first in, first out at its rate, followed by a delay of
 * half the RTT:
 *   start = max(at, end of the frame before)
 *   stamp = start + wire bits / rate           (end of serialisation)
 *   due   = stamp + RTT / 2                    (last byte at the receiver)
 * Wire bits = (frame header + payload) * 8 * overheadFactor. With TCP mode `cubic` the stamp is later
 * by what slow start keeps the sender waiting (slow-start.ts); with the others the window is never
 * short.
 *
 * Serialisation is in chunks of 64 KiB, as one would have to for links that share a rate. With
 * topology `pair` nothing is shared, so the chunks of a frame are back to back and the stamp of the
 * frame is that of its last chunk: only that one is computed. `chunkStamps` has them all.
 */
import { checkLink } from './link.ts';
import type { Link } from './link.ts';
import { SlowStart } from './slow-start.ts';

export const chunkBytes = 65_536;

export interface FrameTiming {
  /** When the first bit leaves the sender. */
  readonly startMs: number;
  /** When the last bit has left the sender. */
  readonly stampMs: number;
  /** When the last bit has reached the receiver. */
  readonly dueMs: number;
}

/** Milliseconds in which the link serialises a frame of so many bytes (header included). */
export function serialisationMs(link: Link, frameBytes: number): number {
  if (link.bitsPerSecond === 'unlimited') return 0;
  return (frameBytes * 8 * link.overheadFactor * 1000) / link.bitsPerSecond;
}

/** When a frame is at the receiver whose last bit left the sender at `stampMs`. */
export const dueMs = (link: Link, stampMs: number): number => stampMs + link.rttMs / 2;

/** The window of a new connection on this link; undefined where none is modelled. */
export const slowStartOf = (link: Link): SlowStart | undefined =>
  link.tcp === 'cubic' ? new SlowStart(1 / serialisationMs(link, 1), link.rttMs) : undefined;

/** End of serialisation of every chunk of a frame that starts at `startMs`; the last is its stamp. */
export function chunkStamps(link: Link, startMs: number, frameBytes: number): number[] {
  const stamps: number[] = [];
  for (let done = chunkBytes; done < frameBytes; done += chunkBytes) {
    stamps.push(startMs + serialisationMs(link, done));
  }
  stamps.push(startMs + serialisationMs(link, frameBytes));
  return stamps;
}

/**
 * State of one directed link: until when it is busy. The sender drives it with the times at which it
 * hands frames over. A receiver that drives another one with the times at which they arrive gets, for
 * each, the latest stamp that an honest sender on the same clock can have put on it.
 */
export class LinkClock {
  readonly link: Link;
  readonly #slowStart: SlowStart | undefined;
  #freeAtMs = Number.NEGATIVE_INFINITY;

  /** Throws `EngineError('range')` for a link that `checkLink` refuses. */
  constructor(link: Link) {
    this.link = checkLink(link);
    this.#slowStart = slowStartOf(link);
  }

  /** From when on a new frame would start at once. Milliseconds; -Infinity before the first. */
  get freeAtMs(): number {
    return this.#freeAtMs;
  }

  /** Queues a frame of `frameBytes` (header included) that is handed over at `atMs`. */
  send(atMs: number, frameBytes: number): FrameTiming {
    const startMs = Math.max(atMs, this.#freeAtMs);
    const stampMs =
      this.#slowStart?.send(startMs, frameBytes) ??
      startMs + serialisationMs(this.link, frameBytes);
    this.#freeAtMs = stampMs;
    return { startMs, stampMs, dueMs: dueMs(this.link, stampMs) };
  }
}

/** Counts one pair of directed links, as its one end sees it; see `LinkCounters` for the meaning. */
import type { LinkCounters, Peer } from '../engine/channel.ts';

/**
 * A frame is late from here on. Less is the wait's own precision, or within what a link certificate
 * allows of one way (half of 5 % of the RTT). Milliseconds.
 */
export const lateThresholdMs = (rttMs: number): number => Math.max(0.1, 0.025 * rttMs);

export class LinkCounter {
  #bytesSent = 0;
  #framesSent = 0;
  #frameBytesSent = 0;
  #bytesReceived = 0;
  #framesReceived = 0;
  #framesLate = 0;
  #worstLateMs = 0;
  #framesDue = 0;
  #overdueMs = 0;
  readonly #thresholdMs: number;

  /** @param rttMs of the link on which frames come in; 0 where none is emulated */
  constructor(rttMs = 0) {
    this.#thresholdMs = lateThresholdMs(rttMs);
  }

  sent(payloadBytes: number, frameBytes: number): void {
    this.#bytesSent += payloadBytes;
    this.#framesSent += 1;
    this.#frameBytesSent += frameBytes;
  }

  /** A frame was handed to the party. Counted there and not on arrival, so that it is repeatable. */
  received(payloadBytes: number): void {
    this.#bytesReceived += payloadBytes;
    this.#framesReceived += 1;
  }

  /** Somebody stood still for an overdue frame for so long. Milliseconds. */
  waited(lateMs: number): void {
    this.#framesDue += 1;
    this.#overdueMs += Math.max(0, lateMs);
    if (lateMs <= this.#thresholdMs) return;
    this.#framesLate += 1;
    this.#worstLateMs = Math.max(this.#worstLateMs, lateMs);
  }

  reset(): void {
    this.#bytesSent = this.#framesSent = this.#frameBytesSent = 0;
    this.#bytesReceived = this.#framesReceived = 0;
    this.#framesLate = this.#worstLateMs = 0;
    this.#framesDue = this.#overdueMs = 0;
  }

  read(peer: Peer): LinkCounters {
    return {
      peer,
      bytesSent: this.#bytesSent,
      framesSent: this.#framesSent,
      frameBytesSent: this.#frameBytesSent,
      bytesReceived: this.#bytesReceived,
      framesReceived: this.#framesReceived,
      framesLate: this.#framesLate,
      worstLateMs: this.#worstLateMs,
      ...(this.#framesDue === 0
        ? {}
        : { overdue: { frames: this.#framesDue, ms: this.#overdueMs } }),
    };
  }
}

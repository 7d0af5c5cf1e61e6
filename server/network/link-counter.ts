/** Counts one pair of directed links, as its one end sees it; see `LinkCounters` for the meaning. */
import type { LinkCounters, Peer } from '../engine/channel.ts';

/** A frame is late from here on: less is the wait's own precision. Milliseconds. */
export const lateThresholdMs = 0.1;

export class LinkCounter {
  #bytesSent = 0;
  #framesSent = 0;
  #frameBytesSent = 0;
  #bytesReceived = 0;
  #framesReceived = 0;
  #framesLate = 0;
  #worstLateMs = 0;

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
    if (lateMs <= lateThresholdMs) return;
    this.#framesLate += 1;
    this.#worstLateMs = Math.max(this.#worstLateMs, lateMs);
  }

  reset(): void {
    this.#bytesSent = this.#framesSent = this.#frameBytesSent = 0;
    this.#bytesReceived = this.#framesReceived = 0;
    this.#framesLate = this.#worstLateMs = 0;
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
    };
  }
}

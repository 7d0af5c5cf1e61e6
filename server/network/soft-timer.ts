/**
 * Calls back at a time, to within about 0.05 ms, without burning a core.
 *
 * `setTimeout` is a millisecond late and `setImmediate` alone costs a whole core. So: setTimeout
 * while the time is far away, then short sleeps in `Atomics.wait` (0.1 ms at most: the event loop
 * stands still in them) with a turn of the event loop between, and only such turns in the last
 * 0.1 ms. Measured in network.md 3a: 0.5 ms asked, 0.50 to 0.56 got, 2 to 56 % of a core, and only
 * in the last 2.2 ms before a frame that somebody waits for.
 */
import { monotonicMs } from '../engine/clock.ts';

const farMs = 2.2;
const timeoutMarginMs = 1.8;
const longestSleepMs = 0.1;
const sleepMarginMs = 0.08;

export class SoftTimer {
  readonly #onDue: () => void;
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));
  #dueMs = Infinity;
  #stirred = false;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Makes sure of a call at `dueMs` (ms of `monotonicMs`) or before; the earliest wish wins. */
  arm(dueMs: number): void {
    if (dueMs >= this.#dueMs) return;
    this.cancel();
    this.#dueMs = dueMs;
    this.#plan(dueMs - monotonicMs());
  }

  /** Something came in this turn of the event loop, more may follow: do not sleep in this turn. */
  stir(): void {
    this.#stirred = true;
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
    this.#dueMs = Infinity;
  }

  #plan(leftMs: number): void {
    if (leftMs > farMs) {
      this.#timeout = setTimeout(
        () => this.#tick(),
        Math.min(Math.floor(leftMs - timeoutMarginMs), 1e9),
      );
    } else {
      this.#immediate = setImmediate(() => this.#tick());
    }
  }

  #tick(): void {
    const leftMs = this.#dueMs - monotonicMs();
    if (leftMs <= 0) {
      this.#dueMs = Infinity;
      this.#onDue();
      return;
    }
    const stirred = this.#stirred;
    this.#stirred = false;
    if (!stirred && leftMs > longestSleepMs && leftMs <= farMs) {
      Atomics.wait(this.#cell, 0, 0, Math.min(leftMs - sleepMarginMs, longestSleepMs));
    }
    this.#plan(leftMs);
  }
}

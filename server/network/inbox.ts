/**
 * Inbox: the frames that arrived from one peer and whoever waits for them.
 *
 * A frame is handed over at max(arrival of its last byte, due time). Nobody waiting means nothing to
 * do: the soft-spin timer is armed only when somebody waits for a frame that is here but not due.
 * The time until a frame is due is the emulated link's, not silence; but only as long as the bytes
 * that came can explain it, after that the watch runs on.
 */
import { EngineError } from '../engine/errors.ts';
import { monotonicMs } from '../engine/clock.ts';
import type { LinkCounter } from './link-counter.ts';
import type { SoftTimer } from './soft-timer.ts';

export interface InboxOptions {
  /** The peer as errors name it. */
  readonly peer: string;
  readonly counter: LinkCounter;
  /** Shared by the inboxes of a channel; it must call `deliver` of all of them. */
  readonly timer: SoftTimer;
  readonly receiveTimeoutMs: number;
  /** Somebody waited longer than that, and not one byte came (or became due). */
  readonly onTimeout: (error: EngineError) => void;
}

interface Waiter {
  readonly sinceMs: number;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

interface ArrivedFrame {
  readonly payload: Uint8Array;
  readonly arrivedMs: number;
  /** 0 = on arrival. */
  dueMs: number;
  /** When it would be due at the latest, by the bytes that came; later is the sender's invention. */
  readonly explainedMs: number;
}

/** The longest that `setTimeout` takes; longer ones fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;

export class Inbox {
  readonly #options: InboxOptions;
  readonly #frames: ArrivedFrame[] = [];
  readonly #waiters: Waiter[] = [];
  #timeout: NodeJS.Timeout | undefined;
  #lastByteMs = 0;
  /** Frames handed over so far. */
  #taken = 0;
  #ended: Error | undefined;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Bytes came, not yet a frame: no reason to give up. */
  touch(): void {
    this.#options.timer.stir();
    if (this.#waiters.length > 0) this.#lastByteMs = monotonicMs();
  }

  /** `dueMs` and `explainedMs` in ms of `monotonicMs`. After the end nothing is taken any more. */
  arrived(payload: Uint8Array, dueMs: number, explainedMs = dueMs): void {
    if (this.#ended !== undefined) return;
    this.#frames.push({ payload, arrivedMs: monotonicMs(), dueMs, explainedMs });
    if (this.#waiters.length > 0) this.deliver();
  }

  /**
   * Frame number `index` of this link, from 0, is due only at `dueMs`: others took their turns on the
   * rate that it shares. Should it have been handed over before this was known, it came too early, and
   * counts as one that was not delivered on time.
   */
  moved(index: number, dueMs: number): void {
    const frame = this.#frames[index - this.#taken];
    if (frame === undefined) this.#options.counter.waited(dueMs - monotonicMs());
    else frame.dueMs = Math.max(frame.dueMs, dueMs);
  }

  /** The next payload; see `Channel.receive`. */
  receive(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ sinceMs: monotonicMs(), resolve, reject });
      this.deliver();
    });
  }

  /** Nothing more will come: frames that are here are still handed over, then comes the error. */
  end(error: Error): void {
    this.#ended ??= error;
    this.deliver();
  }

  /** Drops what is here and rejects everybody, now and later. */
  fail(error: Error): void {
    this.#frames.length = 0;
    this.#ended = error;
    this.deliver();
  }

  /** Hands over what is due to whoever waits. */
  deliver(): void {
    while (this.#waiters.length > 0) {
      const frame = this.#frames[0];
      const nowMs = monotonicMs();
      if (frame === undefined) {
        if (this.#ended === undefined) break;
        this.#waiters.shift()?.reject(this.#ended);
      } else if (frame.dueMs > nowMs) {
        this.#options.timer.arm(frame.dueMs);
        break;
      } else {
        this.#frames.shift();
        this.#taken += 1;
        const waiter = this.#waiters.shift();
        const { counter } = this.#options;
        counter.received(frame.payload.length);
        // How long somebody stood still for an overdue frame; before that the party was busy.
        const { dueMs, arrivedMs } = frame;
        if (waiter !== undefined && dueMs > 0 && waiter.sinceMs <= Math.max(dueMs, arrivedMs)) {
          counter.waited(nowMs - Math.max(dueMs, waiter.sinceMs));
        }
        waiter?.resolve(frame.payload);
      }
    }
    this.#watch();
  }

  /** One timer per inbox, and only while somebody waits and nothing that is due is here. */
  #watch(): void {
    if (this.#waiters.length === 0) {
      clearTimeout(this.#timeout);
      this.#timeout = undefined;
    } else if (this.#timeout === undefined) {
      this.#watchFor(this.#options.receiveTimeoutMs);
    }
  }

  #watchFor(ms: number): void {
    // The event loop may have stood still: let it read once more before anybody is blamed.
    const timeoutMs = Math.min(Math.ceil(ms), longestTimeoutMs);
    this.#timeout = setTimeout(() => setImmediate(() => this.#judge()), timeoutMs);
  }

  #judge(): void {
    this.deliver();
    const waiter = this.#waiters[0];
    if (waiter === undefined) return;
    clearTimeout(this.#timeout);
    const { peer, receiveTimeoutMs, onTimeout } = this.#options;
    const { explainedMs } = this.#frames[0] ?? { explainedMs: 0 };
    const idleMs = monotonicMs() - Math.max(waiter.sinceMs, this.#lastByteMs, explainedMs);
    if (idleMs < receiveTimeoutMs) this.#watchFor(receiveTimeoutMs - idleMs);
    else if (this.#frames.length === 0)
      onTimeout(new EngineError('channel', `nothing came from ${peer} in ${receiveTimeoutMs} ms`));
    else {
      const late = `its link explains, and it is not due ${receiveTimeoutMs} ms after that`;
      onTimeout(new EngineError('channel', `${peer} stamped a frame later than ${late}`));
    }
  }
}

/**
 * Inbox: the frames that arrived from one peer and whoever waits for them.
 *
 * A frame is handed over at max(arrival of its last byte, due time). Nobody waiting means nothing to
 * do: the soft-spin timer is armed only when somebody waits for a frame that is here but not due.
 */
import { EngineError } from '../engine/errors.ts';
import { monotonicMs } from './clock.ts';
import type { LinkCounter } from './link-counter.ts';
import type { SoftTimer } from './soft-timer.ts';

export interface InboxOptions {
  /** The peer as errors name it. */
  readonly peer: string;
  readonly counter: LinkCounter;
  /** Shared by the inboxes of a channel; it must call `deliver` of all of them. */
  readonly timer: SoftTimer;
  readonly receiveTimeoutMs: number;
  /** Somebody waited longer than that, and not one byte came. */
  readonly onTimeout: (error: EngineError) => void;
}

interface Waiter {
  readonly sinceMs: number;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

interface ArrivedFrame {
  readonly payload: Uint8Array;
  /** 0 = on arrival. */
  readonly dueMs: number;
}

export class Inbox {
  readonly #options: InboxOptions;
  readonly #frames: ArrivedFrame[] = [];
  readonly #waiters: Waiter[] = [];
  #timeout: NodeJS.Timeout | undefined;
  #lastByteMs = 0;
  #ended: Error | undefined;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Bytes came, not yet a frame: no reason to give up. */
  touch(): void {
    this.#options.timer.stir();
    if (this.#waiters.length > 0) this.#lastByteMs = monotonicMs();
  }

  arrived(payload: Uint8Array, dueMs: number): void {
    this.#frames.push({ payload, dueMs });
    if (this.#waiters.length > 0) this.deliver();
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
        const waiter = this.#waiters.shift();
        const { counter } = this.#options;
        counter.received(frame.payload.length);
        // Only who waited when it was due can tell that it was late; else the party was busy.
        if (waiter !== undefined && frame.dueMs > 0 && waiter.sinceMs <= frame.dueMs) {
          counter.waited(nowMs - frame.dueMs);
        }
        waiter?.resolve(frame.payload);
      }
    }
    this.#watch();
  }

  /** One timer per inbox, and only while somebody waits and nothing is here. */
  #watch(): void {
    const waiting = this.#waiters.length > 0;
    if (!waiting || this.#frames.length > 0) {
      clearTimeout(this.#timeout);
      this.#timeout = undefined;
    } else if (this.#timeout === undefined) {
      this.#watchFor(this.#options.receiveTimeoutMs);
    }
  }

  #watchFor(ms: number): void {
    // The event loop may have stood still: let it read once more before anybody is blamed.
    this.#timeout = setTimeout(() => setImmediate(() => this.#judge()), Math.ceil(ms));
  }

  #judge(): void {
    this.#timeout = undefined;
    const waiter = this.#waiters[0];
    if (waiter === undefined || this.#frames.length > 0) return;
    const { peer, receiveTimeoutMs, onTimeout } = this.#options;
    const idleMs = monotonicMs() - Math.max(waiter.sinceMs, this.#lastByteMs);
    if (idleMs < receiveTimeoutMs) this.#watchFor(receiveTimeoutMs - idleMs);
    else
      onTimeout(new EngineError('channel', `nothing came from ${peer} in ${receiveTimeoutMs} ms`));
  }
}

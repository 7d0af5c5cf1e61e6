/**
 * Records everything that one role of a run gets to hold: what it is given, every frame that it
 * receives, every piece of randomness that it draws, and what it computes from these by steps that
 * are not linear. (What is linear in recorded buffers needs no record: the attack finds it anyway.)
 */
import type { Channel, Peer } from '../../server/engine/channel.ts';
import { EngineError } from '../../server/engine/errors.ts';
import { unpackMessages } from '../../server/engine/message.ts';
import type { Kernels } from '../../server/engine/ring/kernels.ts';

export interface Held {
  readonly from: 'given' | 'received' | 'drawn' | 'computed';
  readonly what: string;
  readonly bytes: Uint8Array;
}

export class Recorder {
  readonly held: Held[] = [];
  /** Results of products added to what was there, in order: both terms of a secret product. */
  readonly products: Uint8Array[] = [];
  readonly #onHeld: (held: Held) => void;

  /** `onHeld` gets what is kept; by default it stays in `held`. */
  constructor(onHeld?: (held: Held) => void) {
    this.#onHeld = onHeld ?? ((held) => this.held.push(held));
  }

  given(what: string, value: unknown): void {
    const text = value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value) ?? '');
    this.#keep('given', what, text);
  }

  channel(inner: Channel): Channel {
    return {
      self: inner.self,
      peers: inner.peers,
      send: (to, parts) => inner.send(to, parts),
      receive: async (from) => {
        const frame = await inner.receive(from);
        this.received(from, frame);
        return frame;
      },
      counters: () => inner.counters(),
      close: (reason) => inner.close(reason),
    };
  }

  kernels(inner: Kernels): Kernels {
    return new Proxy(inner, {
      get: (target, name) => {
        const step: unknown = Reflect.get(target, name);
        if (typeof step !== 'function') return step;
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(step, target, args);
          this.#compute(String(name), args);
          return result;
        };
      },
    });
  }

  received(from: Peer, frame: Uint8Array): void {
    try {
      const messages = unpackMessages(frame);
      messages.forEach(({ payload }) => this.#keep('received', `from ${from}`, payload));
    } catch (error) {
      // Keys and requests are frames without messages.
      if (!(error instanceof EngineError)) throw error;
      this.#keep('received', `from ${from}`, frame);
    }
  }

  drew(bytes: Uint8Array): void {
    this.#keep('drawn', 'stream', bytes);
  }

  #compute(name: string, args: readonly unknown[]): void {
    const buffers = args.filter((arg) => arg instanceof Uint8Array);
    const out = buffers.at(-1);
    if (out === undefined) return;
    if (name === 'aesCtr') {
      this.#keep('drawn', 'stream', out);
      const key = buffers[0];
      if (key !== undefined) this.#keep('drawn', 'key', key);
      return;
    }
    const linear = name === 'binary' && args[0] !== 'mul';
    const nonlinear = [
      'binary',
      'matmul',
      'shift',
      'replicatedMul',
      'replicatedAnd',
      'chooseByBit',
    ];
    if (!linear && nonlinear.includes(name)) this.#keep('computed', name, out);
    const shape = args.at(-1);
    if (name === 'matmul' && typeof shape === 'object' && shape !== null && 'accumulate' in shape) {
      this.products.push(Uint8Array.from(out));
    }
  }

  #keep(from: Held['from'], what: string, bytes: Uint8Array): void {
    this.#onHeld({ from, what, bytes: Uint8Array.from(bytes) });
  }
}

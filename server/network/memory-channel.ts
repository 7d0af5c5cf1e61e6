/**
 * Channels inside one process, for tests of the engine: the same frames, parser, inbox, link and
 * errors as over TCP, only the sockets are missing. What is sent is copied into one fresh buffer, so
 * a receiver never sees memory of the sender.
 *
 * `faults` plays a bad network: the hook sees every frame and says what happens to it.
 */
import type { Peer } from '../engine/channel.ts';
import { FramedChannel } from './framed-channel.ts';
import type { FramedChannelOptions, Inbound, NetworkChannel, Wire } from './network-channel.ts';
import { headerBytes } from './frame.ts';

/**
 * deliver: nothing happens to it. drop: it is lost. corrupt: the last byte of its payload changes
 * (of its header, when it has no payload). reorder: it comes after the next frame of its link.
 * stall: it and all that follow on its link never arrive. vanish: half of it arrives, then the
 * sender is gone.
 */
export type Fault = 'deliver' | 'drop' | 'corrupt' | 'reorder' | 'stall' | 'vanish';

export interface SentFrame {
  readonly from: Peer;
  readonly to: Peer;
  /** From 0, per directed link. */
  readonly index: number;
  readonly payloadBytes: number;
}

export interface MemoryChannelOptions extends Partial<
  Omit<FramedChannelOptions, 'self' | 'peers' | 'onFailure'>
> {
  readonly faults?: ((frame: SentFrame) => Fault) | undefined;
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

class MemoryWire implements Wire {
  readonly #from: Peer;
  readonly #to: FramedChannel;
  readonly #faults: (frame: SentFrame) => Fault;
  #index = 0;
  #heldBack: Uint8Array | undefined;
  #dead = false;

  constructor(from: Peer, to: FramedChannel, faults: (frame: SentFrame) => Fault) {
    this.#from = from;
    this.#to = to;
    this.#faults = faults;
  }

  write(chunks: readonly Uint8Array[]): void {
    if (this.#dead) return;
    const bytes = join(chunks);
    const frame = { from: this.#from, to: this.#to.self, index: this.#index };
    const fault = this.#faults({ ...frame, payloadBytes: bytes.length - headerBytes });
    this.#index += 1;
    if (fault === 'stall') this.#dead = true;
    else if (fault === 'reorder') this.#heldBack = bytes;
    else if (fault === 'vanish') {
      this.#dead = true;
      this.#deliver((inbound) => {
        inbound.feed(bytes.subarray(0, bytes.length >> 1));
        inbound.ended();
      });
    } else if (fault !== 'drop') {
      const last = bytes.length - 1;
      if (fault === 'corrupt') bytes[last] = (bytes[last] ?? 0) ^ 0x10;
      const heldBack = this.#heldBack;
      this.#heldBack = undefined;
      this.#deliver((inbound) => {
        inbound.feed(bytes);
        if (heldBack !== undefined) inbound.feed(heldBack);
      });
    }
  }

  async close(): Promise<void> {
    const cut = this.#dead;
    this.#dead = true;
    // A stalled link does not even tell that its sender has gone.
    if (!cut) this.#deliver((inbound) => inbound.ended());
  }

  /** Never inside the sender's call: a receiver's trouble must not look like the sender's. */
  #deliver(work: (inbound: Inbound) => void): void {
    queueMicrotask(() => work(this.#to.inbound(this.#from)));
  }
}

/**
 * One channel per role, connected all to all; in the order of `peers`. Throws `EngineError('range')`
 * for a bad link or option.
 */
export function memoryChannels(
  peers: readonly Peer[],
  options: MemoryChannelOptions = {},
): NetworkChannel[] {
  const { faults = () => 'deliver', sessionId = new Uint8Array(8), ...rest } = options;
  const channels = peers.map((self) => new FramedChannel({ ...rest, self, peers, sessionId }));
  for (const from of channels) {
    for (const to of channels) {
      if (from !== to) from.attach(to.self, new MemoryWire(from.self, to, faults));
    }
  }
  return channels;
}

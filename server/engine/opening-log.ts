/**
 * Opening log: what a party sees of others' values, as a test or an auditor may watch it.
 *
 * Whenever two halves meet under a mask (`opened`), or a fresh component of a resharing or a transfer
 * arrives (`received`), the step that reads it tells the watcher which values it may take and under
 * which masks it hides. Such values have to be uniform over that domain, whatever the secrets are.
 * The watcher is also shown every message as it arrives, whether or not a step speaks of it, so that
 * it can tell what nobody has accounted for. Without a watcher nothing is recorded. A watcher lives
 * inside the party that it watches: it holds what that party holds.
 */
import type { Peer } from './channel.ts';

/** Lanes of `laneBits`, uniform in their `usedBits` lowest bits, zero above. */
export interface OpeningDomain {
  readonly laneBits: 8 | 32 | 64;
  readonly usedBits: number;
}

/** Where something was seen. */
export interface SeenAt {
  /** Place in the model outline. */
  readonly path: string;
  readonly op: string;
  /** Branch on which it happened. */
  readonly route: number;
}

export interface Opening extends SeenAt {
  readonly kind: 'opened' | 'received';
  readonly domain: OpeningDomain;
  /**
   * This party's part of every mask under which the value is opened, in the memory in which it was
   * dealt or drawn, not a copy: by its place a second use is found. None for `received`, where the mask
   * is what other parties draw.
   */
  readonly masks: readonly Uint8Array[];
  readonly bytes: Uint8Array;
  /** Views of the received messages that it is read from: they are accounted for by it. */
  readonly messages: readonly Uint8Array[];
}

/** A message as it came in, its payload in the same memory as a step's views of it. */
export interface Arrival extends SeenAt {
  readonly from: Peer;
  readonly payload: Uint8Array;
}

export interface Watcher {
  opened(opening: Opening): void;
  arrived(arrival: Arrival): void;
}

export const wholeBytes: OpeningDomain = { laneBits: 8, usedBits: 8 };

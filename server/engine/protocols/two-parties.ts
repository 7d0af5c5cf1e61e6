/**
 * What a step between two parties needs of their protocol: both hold halves, whoever deals knows the
 * masks and nothing that is opened under them. The two are all there are, or two of three with the third
 * one dealing.
 */
import type { Kernels, RingBits } from '../ring/kernels.ts';

export interface TwoParties {
  readonly kernels: Kernels;
  readonly bits: RingBits;
  /** Whether this party adds what is public. */
  readonly first: boolean;
  /** This party's halves of the free parts of the step's correlation. */
  readonly masks: readonly Uint8Array[];
  /** Of the made parts; asked for once, after the first opening. */
  readonly products: () => Promise<readonly Uint8Array[]>;
  /**
   * Sum of both halves, hidden by the masks, one after the other, of which this party has the given
   * halves; these not as copies, see `Opening.masks`. One round.
   */
  readonly openSum: (own: Uint8Array, ...masks: readonly Uint8Array[]) => Promise<Uint8Array>;
  readonly openXor: (own: Uint8Array, ...masks: readonly Uint8Array[]) => Promise<Uint8Array>;
  /** Both at once, in one message. */
  readonly openBoth: (sum: Masked, xor: Masked) => Promise<readonly [Uint8Array, Uint8Array]>;
  /** One bit per 8-bit lane; of the masks, ring elements, the lowest bits hide. */
  readonly openBits: (own: Uint8Array, ...masks: readonly Uint8Array[]) => Promise<Uint8Array>;
}

/** A half of something, with its masks already on it, and the halves of these. */
export interface Masked {
  readonly own: Uint8Array;
  readonly masks: readonly Uint8Array[];
}

/** Part `index` of what was dealt. */
export function dealtPart(parts: readonly Uint8Array[], index: number): Uint8Array {
  const part = parts[index];
  if (part === undefined) throw new RangeError(`a correlation has no part ${index}`);
  return part;
}

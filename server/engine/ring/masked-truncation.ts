/**
 * The arithmetic of truncation under a mask r, for two parties who know c = x + 2^(k-2) + r and share
 * the top bit of r and its low part, shifted: x >> bits or one more, for |x| < 2^(k-2). The borrow
 * is the xor of the opened top bit and the mask's, linear in the shared one; `Kernels.maskedTruncation`
 * puts the pieces together. Dalskov, Escudero, Keller, arXiv 1910.12435, 3.2.2, with eprint 2020/338,
 * 5.1 for negative numbers.
 */
import type { RingBits } from './kernels.ts';
import type { Words } from './words.ts';

/** What has to be shared of the mask: its top bit, and the rest shifted. */
export function partsOfMask(
  words: Words,
  k: RingBits,
  bits: number,
  mask: Uint8Array,
): { top: Uint8Array; low: Uint8Array } {
  return {
    top: words.shift(mask, 'logical', k - 1),
    low: words.shift(words.shift(mask, 'left', 1), 'logical', bits + 1),
  };
}

/** Keeps x out of the negative half while it is masked; one of the two parties adds it. */
export function offset(words: Words, k: RingBits, x: Uint8Array): Uint8Array {
  return words.addScalar(x, 1n << BigInt(k - 2));
}

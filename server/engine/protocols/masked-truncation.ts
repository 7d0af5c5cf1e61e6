/**
 * The arithmetic of truncation under a mask r, for two parties who know c = x + 2^(k-2) + r and share
 * the top bit of r and its low part, shifted: x >> bits or one more, for |x| < 2^(k-2). Dalskov,
 * Escudero, Keller, arXiv 1910.12435, 3.2.2, with eprint 2020/338, 5.1 for negative numbers.
 */
import type { RingBits } from '../ring/kernels.ts';
import type { Words } from '../ring/words.ts';

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

/** A party's half of the truncated value; `first` marks the one that adds what is public. */
export function truncatedHalf(
  words: Words,
  k: RingBits,
  bits: number,
  half: { opened: Uint8Array; top: Uint8Array; low: Uint8Array; first: boolean },
): Uint8Array {
  const { opened, top, low, first } = half;
  // The borrow is the xor of the opened top bit and the mask's: linear in the shared one.
  const openedTop = words.shift(opened, 'logical', k - 1);
  const both = words.shift(words.mul(openedTop, top), 'left', 1);
  let borrow = words.sub(top, both);
  if (first) borrow = words.add(borrow, openedTop);
  const y = words.sub(words.shift(borrow, 'left', k - 1 - bits), low);
  if (!first) return y;
  const shifted = words.shift(words.shift(opened, 'left', 1), 'logical', bits + 1);
  return words.addScalar(words.add(y, shifted), -(1n << BigInt(k - 2 - bits)));
}

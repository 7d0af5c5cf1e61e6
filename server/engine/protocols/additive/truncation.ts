/** Division by 2^bits of additive shares, without and with an opening. */
import type { Talk } from '../../session.ts';
import { offset } from '../../ring/masked-truncation.ts';
import { halves } from './arithmetic.ts';
import { openSum, wordsOf } from './opening.ts';

/**
 * Each party divides its own half, read as a signed number, rounding toward zero (as CrypTen does).
 * Off by at most one, and with probability about |x| / 2^k by up to two; with the same probability
 * the halves wrap around and the result is wrong by 2^(k - bits). No message.
 */
export function truncateLocally(talk: Talk, x: Uint8Array, bits: number): Uint8Array {
  return wordsOf(talk).divideSigned(x, bits);
}

/**
 * x + r is opened for a dealt r of which the low part, shifted, and the top bit are shared (SPU's
 * TruncPr): floor or one more, for |x| < 2^(k-2). One round, k bits sent by each party.
 */
export async function truncateByPair(talk: Talk, x: Uint8Array, bits: number): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const { ring, party } = talk.session;
  const elements = (x.length * 8) / ring.bits;
  const [r, low, top] = halves<3>(talk, { kind: 'truncationPair', elements, bits });
  const first = party === 0;
  const half = first ? offset(words, ring.bits, x) : x;
  const opened = await openSum(talk, words.add(half, r), { masks: [r] });
  return words.maskedTruncation(first, bits, { opened, top, low });
}

/**
 * Repeated squaring with a truncation after each, between two parties, at one opening a squaring: the
 * square of a truncated value (masked-truncation.ts) needs S^2 = low^2 - (1 - 2 t) 2 top 2^(k-1-cut) low,
 * whose two products are dealt. So the next square is local, and the next opening is its truncation's.
 * (top 2^(k-1-cut))^2 vanishes mod 2^k for cut < k / 2.
 */
import type { Correlation } from '../correlations/correlation.ts';
import type { Ring } from '../plan.ts';
import { offset } from '../ring/masked-truncation.ts';
import { Words } from '../ring/words.ts';
import { truncatedOf } from './masked-truncation.ts';
import { dealtPart, type TwoParties } from './two-parties.ts';

/** Whether squarings can be one operation: there are some, and the vanishing product vanishes. */
export function squaresTogether({ bits }: Ring, times: number, cut: number): boolean {
  return times > 0 && 2 * cut < bits;
}

/** The correlation that `times` squarings of `elements` numbers use up. */
export function squaresFor(elements: number, times: number, cut: number): Correlation {
  return { kind: 'squares', elements, times, bits: cut };
}

/**
 * Half of x^(2^times), divided by 2^cut after each squaring: each result is the floor or one more.
 * Needs all squares below 2^(k-2). times + 1 rounds, k bits sent by each party in each.
 */
export async function squareMasked(
  two: TwoParties,
  x: Uint8Array,
  times: number,
  cut: number,
): Promise<Uint8Array> {
  const { kernels, bits, first } = two;
  const words = new Words(kernels, bits);
  const publicly = (half: Uint8Array, value: Uint8Array): Uint8Array =>
    first ? words.add(half, value) : half;

  const r = dealtPart(two.masks, 0);
  const e = await two.openSum(words.add(x, r), r);
  const made = await two.products();
  // (e - r)^2
  let square = words.sub(dealtPart(made, 0), words.shift(words.mul(e, r), 'left', 1));
  square = publicly(square, words.mul(e, e));
  for (let step = 1; step <= times; step++) {
    const mask = dealtPart(two.masks, step);
    const half = first ? offset(words, bits, square) : square;
    const opened = await two.openSum(words.add(half, mask), mask);
    const [low, top] = [dealtPart(made, 4 * step - 3), dealtPart(made, 4 * step - 2)];
    if (step === times) return words.maskedTruncation(first, cut, { opened, top, low });

    const { known, sign, hidden } = truncatedOf(words, bits, cut, { opened, low, top });
    const [lowSquare, crossed] = [dealtPart(made, 4 * step - 1), dealtPart(made, 4 * step)];
    const products = words.sub(lowSquare, words.mul(sign, crossed));
    square = words.add(products, words.shift(words.mul(known, hidden), 'left', 1));
    square = publicly(square, words.mul(known, known));
  }
  throw new RangeError(`squares: ${times} squarings`);
}

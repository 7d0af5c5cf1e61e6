/**
 * Functions that are zero far below, x far above, and a polynomial each on two intervals between: how
 * PUMA evaluates GeLU and SiLU (Dong et al. 2023, Algorithm 1).
 *
 * Every comparison and selection is an operation of its own, as in the system that PUMA was measured
 * with, so that its rounds in program order are those of that system; side by side, as here, the three
 * of a kind take the rounds of one.
 */
import { encodeScalar } from '../fixed-point.ts';
import type { AShare, BShare, Pieces, Protocol } from '../protocol.ts';
import { mulConstant } from './fixed.ts';

/**
 * `polynomials` makes those of the pieces, the lower one first. They are evaluated everywhere; outside
 * their intervals they mean nothing. Needs |x| + |breakpoint| < 2^(k-1-f).
 */
export async function fromPieces(
  mpc: Protocol,
  x: AShare,
  pieces: Pieces,
  polynomials: (branch: Protocol) => Promise<readonly AShare[]>,
): Promise<AShare> {
  if (mpc.pieces !== null) return mpc.pieces(x, pieces);
  const [intervals, values] = await mpc.together([
    (branch) => selectors(branch, x, pieces),
    polynomials,
  ]);
  const numbers = [...values, x];
  const chosen = await mpc.together(
    intervals.map((interval, index) => async (branch: Protocol) => {
      const value = numbers[index];
      if (value === undefined) throw new RangeError('pieces: a polynomial is missing');
      return branch.bitMul(interval, value);
    }),
  );
  return chosen.reduce((sum, value) => mpc.add(sum, value));
}

/** One-bit selectors of the polynomials, and of x itself. */
async function selectors(
  mpc: Protocol,
  x: AShare,
  { low, high, lower }: Pieces,
): Promise<readonly BShare[]> {
  const starts = lower === null ? [low] : [low, lower.end];
  if (mpc.framework === null) {
    // The identity starts above `high`, not at it.
    const thresholds = [...starts, high + 2 ** -mpc.ring.fractionBits];
    const together = await mpc.below(x, thresholds);
    const below = thresholds.map((_, index) =>
      mpc.view(mpc.view(together, { slice: { axis: 0, start: index, end: index + 1 } }), {
        reshape: x.shape,
      }),
    );
    return below.map((bit, index) => {
      const next = below[index + 1];
      return next === undefined ? mpc.xorPublic(bit, 1n) : mpc.xor(bit, next);
    });
  }
  const answers = await mpc.together([
    ...starts.map((start) => (branch: Protocol) => branch.msb(branch.addFixed(x, -start))),
    (branch: Protocol) => branch.msb(branch.addFixed(branch.negate(x), high)),
  ]);
  return answers.map((bit, index) => {
    const next = answers[index + 1];
    if (next === undefined) return bit;
    const either = mpc.xor(bit, next);
    // The last answer is the other way round.
    return index + 2 === answers.length ? mpc.xorPublic(either, 1n) : either;
  });
}

/**
 * coefficient * power, for `sumOf`. SPU truncates every term by itself, which is part of what PUMA
 * published; elsewhere only the sum is truncated, with fewer bytes and less rounding.
 */
export function times(power: AShare, coefficient: number) {
  return async (mpc: Protocol): Promise<AShare> =>
    mpc.framework === 'spu'
      ? mulConstant(mpc, power, coefficient)
      : mpc.scale(power, encodeScalar(mpc.ring, coefficient));
}

/** Sum of terms made by `times`, and a public constant. */
export async function sumOf(
  mpc: Protocol,
  terms: readonly AShare[],
  constant: number,
): Promise<AShare> {
  const sum = terms.reduce((total, term) => mpc.add(total, term));
  const scaled = mpc.framework === 'spu' ? sum : await mpc.truncate(sum, mpc.ring.fractionBits);
  return mpc.addFixed(scaled, constant);
}

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
 * 0 below low, `lower` up to middle, `upper` up to high, x above. Both polynomials are evaluated
 * everywhere; outside their intervals they mean nothing. Needs |x| + |breakpoint| < 2^(k-1-f).
 */
export async function fromPieces(
  mpc: Protocol,
  x: AShare,
  pieces: Pieces,
  polynomials: (branch: Protocol) => Promise<readonly [lower: AShare, upper: AShare]>,
): Promise<AShare> {
  if (mpc.pieces !== null) return mpc.pieces(x, pieces);
  const { breakpoints } = pieces;
  const [intervals, [lower, upper]] = await mpc.together([
    (branch) => selectors(branch, x, breakpoints),
    polynomials,
  ]);
  const [first, second, third] = await mpc.together([
    (branch) => branch.bitMul(intervals.lower, lower),
    (branch) => branch.bitMul(intervals.upper, upper),
    (branch) => branch.bitMul(intervals.identity, x),
  ]);
  return mpc.add(mpc.add(first, second), third);
}

/** One-bit selectors of the two polynomials and of x itself. */
async function selectors(
  mpc: Protocol,
  x: AShare,
  { low, middle, high }: Pieces['breakpoints'],
): Promise<Readonly<Record<'lower' | 'upper' | 'identity', BShare>>> {
  if (mpc.framework === null) {
    // The identity starts above `high`, not at it.
    const answers = await mpc.below(x, [low, middle, high + 2 ** -mpc.ring.fractionBits]);
    const [belowLow, belowMiddle, belowHigh] = [0, 1, 2].map((index) =>
      mpc.view(mpc.view(answers, { slice: { axis: 0, start: index, end: index + 1 } }), {
        reshape: x.shape,
      }),
    );
    if (belowLow === undefined || belowMiddle === undefined || belowHigh === undefined) {
      throw new RangeError('three answers');
    }
    return {
      lower: mpc.xor(belowLow, belowMiddle),
      upper: mpc.xor(belowMiddle, belowHigh),
      identity: mpc.xorPublic(belowHigh, 1n),
    };
  }
  const [belowLow, belowMiddle, aboveHigh] = await mpc.together([
    (branch) => branch.msb(branch.addFixed(x, -low)),
    (branch) => branch.msb(branch.addFixed(x, -middle)),
    (branch) => branch.msb(branch.addFixed(branch.negate(x), high)),
  ]);
  return {
    lower: mpc.xor(belowLow, belowMiddle),
    upper: mpc.xorPublic(mpc.xor(belowMiddle, aboveHigh), 1n),
    identity: aboveHigh,
  };
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

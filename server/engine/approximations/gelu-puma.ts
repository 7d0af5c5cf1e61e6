/**
 * GeLU as PUMA evaluates it (Dong et al. 2023, eq. 1-3 and Algorithm 1): zero below -4, a cubic to
 * -1.95, an even-degree polynomial of degree 6 to 3, the identity above. Largest error .0199, at 3;
 * with all constants at 18 fraction bits below .021 (tested).
 */
import type { AShare, BShare, Protocol } from '../protocol.ts';
import { combineTerms, mulFixed, stack, unstack } from './fixed.ts';
import type { ElementFunction } from './function.ts';

const breakpoints = { low: -4, middle: -1.95, high: 3 } as const;

/** Between low and middle, by power. */
const cubic = {
  three: -0.011034134030615728,
  two: -0.11807612951181953,
  one: -0.42226581151983866,
  zero: -0.5054031199708174,
} as const;

/** Between middle and high, by power. */
const sextic = {
  six: 0.0018067462606141187,
  four: -0.037688200365904236,
  two: 0.3603292692789629,
  one: 0.5,
  zero: 0.008526321541038084,
} as const;

export const geluPuma: ElementFunction<'puma'> = {
  id: 'puma',
  title: 'PUMA GeLU',
  description: 'Piecewise polynomial of degree 3 and 6 between -4 and 3; largest error 0.02.',
  source: 'PUMA (Dong et al. 2023), section 4.1, Algorithm 1',
  evaluate: async (mpc, x) => {
    const [bits, pieces] = await mpc.together([
      (branch) => intervals(branch, x),
      (branch) => polynomials(branch, x),
    ]);
    const chosen = await mpc.bitMul(bits, mpc.concat([pieces, stack(mpc, [x])], 0));
    return mpc.sum(chosen, 0);
  },
};

/** One-bit selectors of (cubic, sextic, identity), stacked. */
async function intervals(mpc: Protocol, x: AShare): Promise<BShare> {
  // Negative where x is below low, below middle, above high.
  const bounds = [
    mpc.addFixed(x, -breakpoints.low),
    mpc.addFixed(x, -breakpoints.middle),
    mpc.addFixed(mpc.negate(x), breakpoints.high),
  ];
  const bits = await mpc.msb(stack(mpc, bounds));
  const bit = (index: number) =>
    mpc.view(bits, { slice: { axis: 0, start: index, end: index + 1 } });
  const belowLow = bit(0);
  const belowMiddle = bit(1);
  const aboveHigh = bit(2);
  const inSextic = mpc.xorPublic(mpc.xor(belowMiddle, aboveHigh), 1n);
  return mpc.concat([mpc.xor(belowLow, belowMiddle), inSextic, aboveHigh], 0);
}

/** Values of the cubic and the sextic everywhere, stacked; outside their interval they mean nothing. */
async function polynomials(mpc: Protocol, x: AShare): Promise<AShare> {
  const square = await mulFixed(mpc, x, x);
  const thirdAndFourth = await mulFixed(mpc, stack(mpc, [square, square]), stack(mpc, [x, square]));
  const third = unstack(mpc, thirdAndFourth, 0);
  const fourth = unstack(mpc, thirdAndFourth, 1);
  const sixth = await mulFixed(mpc, fourth, square);
  return stack(
    mpc,
    await mpc.together([
      (branch) =>
        combineTerms(
          branch,
          [
            { power: third, coefficient: cubic.three },
            { power: square, coefficient: cubic.two },
            { power: x, coefficient: cubic.one },
          ],
          cubic.zero,
        ),
      (branch) =>
        combineTerms(
          branch,
          [
            { power: sixth, coefficient: sextic.six },
            { power: fourth, coefficient: sextic.four },
            { power: square, coefficient: sextic.two },
            { power: x, coefficient: sextic.one },
          ],
          sextic.zero,
        ),
    ]),
  );
}

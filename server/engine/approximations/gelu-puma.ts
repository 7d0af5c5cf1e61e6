/**
 * GeLU as PUMA evaluates it (Dong et al. 2023, eq. 1-3 and Algorithm 1): zero below -4, a cubic to
 * -1.95, an even-degree polynomial of degree 6 to 3, the identity above. Largest error .0199, at 3;
 * with all constants at 18 fraction bits below .021 (tested).
 *
 * Every comparison, product, product with a constant and selection is an operation of its own, as in
 * the system that PUMA was measured with: on replicated/aby3 56 rounds one after the other (3 x 8 +
 * 4 x 3 + 7 x 2 + 3 x 2). Side by side, as here, they take 13.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulFixed } from './fixed.ts';
import type { ElementFunction } from './function.ts';
import { fromPieces, sumOf, times } from './piecewise.ts';

/** From -4 to its end, by power. */
const cubic = {
  end: -1.95,
  three: -0.011034134030615728,
  two: -0.11807612951181953,
  one: -0.42226581151983866,
  zero: -0.5054031199708174,
} as const;

/** From there to 3, by power. */
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
  evaluate: (mpc, x) =>
    fromPieces(mpc, x, { low: -4, high: 3, lower: cubic, upper: sextic }, (branch) =>
      polynomials(branch, x),
    ),
};

/** The cubic and the sextic. A term is scaled as soon as its power is there: only x^6 is waited for. */
async function polynomials(mpc: Protocol, x: AShare): Promise<readonly [AShare, AShare]> {
  const [[lowerTwo, upperTwo, upperFour, [lowerThree, upperSix]], lowerOne, upperOne] =
    await mpc.together([
      async (branch) => {
        const square = await mulFixed(branch, x, x);
        return branch.together([
          times(square, cubic.two),
          times(square, sextic.two),
          async (inner) => times(await mulFixed(inner, square, square), sextic.four)(inner),
          async (inner) => {
            const third = await mulFixed(inner, square, x);
            return inner.together([
              times(third, cubic.three),
              async (last) => times(await mulFixed(last, third, third), sextic.six)(last),
            ]);
          },
        ]);
      },
      times(x, cubic.one),
      times(x, sextic.one),
    ]);
  return mpc.together([
    (branch) => sumOf(branch, [lowerThree, lowerTwo, lowerOne], cubic.zero),
    (branch) => sumOf(branch, [upperSix, upperFour, upperTwo, upperOne], sextic.zero),
  ]);
}

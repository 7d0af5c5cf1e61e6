/**
 * SiLU, x / (1 + exp(-x)), as PUMA's LLaMA evaluates it: zero below -8, a square polynomial to -4, an
 * even-degree polynomial of degree 6 to 4, the identity above. The paper only mentions it; pieces and
 * constants are those of its benchmark program (AntCPLab/puma_benchmarks, bench_llama7b). Largest
 * error .0719, just above 4; inside .0097, with all constants at 18 fraction bits .0167 (tested).
 *
 * As in GeLU, every operation is one of its own: on replicated/aby3 51 rounds one after the other
 * (3 x 8 + 3 x 3 + 6 x 2 + 3 x 2), and 13 side by side, as here.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulFixed } from './fixed.ts';
import type { ElementFunction } from './function.ts';
import { fromPieces, sumOf, times } from './piecewise.ts';

/** From -8 to its end, by power. */
const square = {
  end: -4,
  three: 0,
  two: -0.0055465625580307,
  one: -0.0819767021525476,
  zero: -0.3067541139982155,
} as const;

/** From there to 4, by power. */
const sextic = {
  six: 0.0002743776353465,
  four: -0.011113046708173,
  two: 0.228143084172827,
  one: 0.5,
  zero: 0.0085064025895951,
} as const;

export const siluPuma: ElementFunction<'puma'> = {
  id: 'puma',
  title: 'PUMA SiLU',
  description: 'Piecewise polynomial of degree 2 and 6 between -8 and 4; largest error 0.072.',
  source: 'AntCPLab/puma_benchmarks, bench_llama7b',
  evaluate: (mpc, x) =>
    fromPieces(mpc, x, { low: -8, high: 4, lower: square, upper: sextic }, (branch) =>
      polynomials(branch, x),
    ),
};

/** Both polynomials. A term is scaled as soon as its power is there: only x^6 is waited for. */
async function polynomials(mpc: Protocol, x: AShare): Promise<readonly [AShare, AShare]> {
  const [[lowerTwo, upperTwo, [upperFour, upperSix]], lowerOne, upperOne] = await mpc.together([
    async (branch) => {
      const second = await mulFixed(branch, x, x);
      return branch.together([
        times(second, square.two),
        times(second, sextic.two),
        async (inner) => {
          const fourth = await mulFixed(inner, second, second);
          return inner.together([
            times(fourth, sextic.four),
            async (last) => times(await mulFixed(last, second, fourth), sextic.six)(last),
          ]);
        },
      ]);
    },
    times(x, square.one),
    times(x, sextic.one),
  ]);
  return mpc.together([
    (branch) => sumOf(branch, [lowerTwo, lowerOne], square.zero),
    (branch) => sumOf(branch, [upperSix, upperFour, upperTwo, upperOne], sextic.zero),
  ]);
}

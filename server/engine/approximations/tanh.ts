/**
 * tanh by its Chebyshev series of degree 17 on [-5, 5], -1 and 1 outside: SPU's method. Largest
 * error below .005 (tested). The pooler of BERT uses it under every plan.
 *
 * The polynomials follow T_{m+n} = 2 T_m T_n - T_{m-n}, so degree 17 takes five products in depth.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { combineOnce, mulConstant, mulFixed, stack, unstack } from './fixed.ts';

const bound = 5;
const degree = 17;

/** Coefficients of the odd Chebyshev series of tanh(bound u), by degree. */
const tanhCoefficients: ReadonlyMap<number, number> = chebyshevOfTanh();

function chebyshevOfTanh(): Map<number, number> {
  const nodes = 256;
  const coefficients = new Map<number, number>();
  for (let k = 1; k <= degree; k += 2) {
    let sum = 0;
    for (let j = 0; j < nodes; j++) {
      const angle = (Math.PI * (j + 0.5)) / nodes;
      sum += Math.tanh(bound * Math.cos(angle)) * Math.cos(k * angle);
    }
    coefficients.set(k, (2 / nodes) * sum);
  }
  return coefficients;
}

export async function tanh(mpc: Protocol, x: AShare): Promise<AShare> {
  const [outside, series] = await mpc.together([
    (branch) =>
      branch.msb(
        stack(branch, [branch.addFixed(x, bound), branch.addFixed(branch.negate(x), bound)]),
      ),
    (branch) => chebyshevSeries(branch, x),
  ]);
  // Where x is outside, the series means nothing; adding (limit - series) removes it exactly.
  const toLimits = stack(mpc, [
    mpc.addFixed(mpc.negate(series), -1),
    mpc.addFixed(mpc.negate(series), 1),
  ]);
  return mpc.add(series, mpc.sum(await mpc.bitMul(outside, toLimits), 0));
}

async function chebyshevSeries(mpc: Protocol, x: AShare): Promise<AShare> {
  const t = new Map<number, AShare>([[1, await mulConstant(mpc, x, 1 / bound)]]);
  const term = (index: number): AShare => {
    const found = t.get(index);
    if (found === undefined) throw new RangeError(`Chebyshev polynomial ${index} is not ready`);
    return found;
  };
  // Each step makes T_{m+n} from pairs [m, n] that exist already.
  const steps: readonly (readonly (readonly [number, number])[])[] = [
    [[1, 1]],
    [
      [2, 1],
      [2, 2],
    ],
    [
      [4, 1],
      [4, 3],
      [4, 4],
    ],
    [
      [8, 1],
      [8, 3],
      [8, 5],
      [8, 7],
      [8, 8],
    ],
    [[16, 1]],
  ];
  for (const pairs of steps) {
    const products = await mulFixed(
      mpc,
      stack(
        mpc,
        pairs.map(([m]) => term(m)),
      ),
      stack(
        mpc,
        pairs.map(([, n]) => term(n)),
      ),
    );
    pairs.forEach(([m, n], index) => {
      const doubled = mpc.scale(unstack(mpc, products, index), 2n);
      t.set(m + n, m === n ? mpc.addFixed(doubled, -1) : mpc.sub(doubled, term(m - n)));
    });
  }
  const terms = [...tanhCoefficients].map(([k, coefficient]) => ({ power: term(k), coefficient }));
  return combineOnce(mpc, terms, 0);
}

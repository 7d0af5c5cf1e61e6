/**
 * Sums of sines, beta_1 sin t + beta_2 sin 2t + ..., out of products: sin t times a polynomial in cos t, since
 * sin kt = sin t U_{k-1}(cos t) with Chebyshev's polynomials of the second kind. Sine and cosine come from
 * their Taylor polynomials of degree 9 and 10 over a quarter turn to either side, within 4e-6. Systems that use such series
 * open the angle under a dealt mask instead, in one round: the function is theirs, the cost is not.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { combineOnce, mulFixed, stack, unstack } from './fixed.ts';

/** Coefficient of u^n in sin and cos of u pi / 2, without its sign. */
const quarterTurn = (n: number): number =>
  Array.from({ length: n }, (_, index) => Math.PI / 2 / (index + 1)).reduce((a, b) => a * b, 1);

/**
 * sin and cos of u pi / 2 for u in [-1, 1]; beyond they mean nothing. In quarter turns no power is large and
 * no coefficient too small for the fraction bits.
 */
export async function sineAndCosine(
  mpc: Protocol,
  u: AShare,
): Promise<{ sine: AShare; cosine: AShare }> {
  const two = await mulFixed(mpc, u, u);
  const four = await mulFixed(mpc, two, two);
  const higher = await mulFixed(mpc, stack(mpc, [two, four]), stack(mpc, [four, four]));
  const [six, eight] = [unstack(mpc, higher, 0), unstack(mpc, higher, 1)];
  const powers = [two, four, six, eight];
  const alternating = (first: number) =>
    powers.map((power, index) => ({
      power,
      coefficient: (-1) ** (index + 1) * quarterTurn(first + 2 * index),
    }));
  const [sine, cosine] = await mpc.together([
    async (branch) => mulFixed(branch, u, await combineOnce(branch, alternating(3), Math.PI / 2)),
    async (branch) => {
      const ten = { power: await mulFixed(branch, eight, two), coefficient: -quarterTurn(10) };
      return combineOnce(branch, [...alternating(2), ten], 1);
    },
  ]);
  return { sine, cosine };
}

/**
 * Coefficients of sum beta_k U_{k-1}(c) by power of c, the constant first.
 * U_0 = 1, U_1 = 2c, U_n = 2c U_{n-1} - U_{n-2}.
 */
export function byPowers(betas: readonly number[]): number[] {
  const sum = betas.map(() => 0);
  let [earlier, own]: [number[], number[]] = [[], [1]];
  for (const beta of betas) {
    own.forEach((value, power) => (sum[power] = (sum[power] ?? 0) + beta * value));
    const next = [0, ...own.map((value) => 2 * value)];
    earlier.forEach((value, power) => (next[power] = (next[power] ?? 0) - value));
    [earlier, own] = [own, next];
  }
  return sum;
}

/** sum of beta_k sin kt, k = 1 to at most 8, from sin t and cos t. */
export async function sineSeries(
  mpc: Protocol,
  sine: AShare,
  cosine: AShare,
  betas: readonly number[],
): Promise<AShare> {
  const [constant = 0, ...coefficients] = byPowers(betas);
  const two = await mulFixed(mpc, cosine, cosine);
  const middle = await mulFixed(mpc, stack(mpc, [cosine, two]), stack(mpc, [two, two]));
  const [three, four] = [unstack(mpc, middle, 0), unstack(mpc, middle, 1)];
  const high = await mulFixed(
    mpc,
    stack(mpc, [cosine, two, three]),
    stack(mpc, [four, four, four]),
  );
  const powers = [cosine, two, three, four, ...[0, 1, 2].map((at) => unstack(mpc, high, at))];
  const terms = coefficients.map((coefficient, at) => {
    const power = powers[at];
    if (power === undefined) throw new RangeError('sineSeries: at most 8 terms');
    return { power, coefficient };
  });
  return mulFixed(mpc, sine, await combineOnce(mpc, terms, constant));
}

/**
 * tanh as SPU 0.5.0 evaluates it (`tanh_chebyshev` of libspu/kernel/hal/fxp_approx.cc): x clipped to
 * [-5, 5], then the odd Chebyshev polynomials of x / 5 up to degree 17, each from the two before it.
 * On additive/semi2k each party sends 160 (clip), 8 (x / 5), 24 (square), 8 x 24, 8 (sum) = 392 bytes
 * per element. The form of approximations/tanh.ts has the same series in fewer rounds.
 */
import { clamp } from '../../circuits/compare.ts';
import { encodeScalar } from '../../fixed-point.ts';
import type { AShare, Protocol } from '../../protocol.ts';
import { mulConstant, mulFixed } from '../fixed.ts';

const bound = 5;

/** Of T_1, T_3, ..., T_17. */
const coefficients = [
  1.2514045938932097, -0.3655987797163166, 0.17253141478140663, -0.08943445792774211,
  0.047703017901250824, -0.025830290571688078, 0.014338801903468182, -0.008541730970059077,
  0.0061230685785789475,
] as const;

/** Largest error below .006, at the clip; where |x| > 5 it is the clip's. */
export async function tanh(mpc: Protocol, x: AShare): Promise<AShare> {
  const u = await mulConstant(mpc, await clamp(mpc, x, -bound, bound), 1 / bound);
  // T_{n+2} = (4 u^2 - 2) T_n - T_{n-2}, and T_3 = u (4 u^2 - 3).
  const step = mpc.addFixed(mpc.scale(await mulFixed(mpc, u, u), 4n), -2);
  const polynomials = [u, await mulFixed(mpc, u, mpc.addFixed(step, -1))];
  while (polynomials.length < coefficients.length) {
    const [before, last] = polynomials.slice(-2) as [AShare, AShare];
    polynomials.push(mpc.sub(await mulFixed(mpc, step, last), before));
  }
  const total = polynomials
    .map((term, index) => mpc.scale(term, encodeScalar(mpc.ring, coefficients[index] ?? 0)))
    .reduce((sum, term) => mpc.add(sum, term));
  return mpc.truncate(total, mpc.ring.fractionBits);
}

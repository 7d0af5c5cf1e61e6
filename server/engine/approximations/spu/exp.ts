/**
 * The exponential as SPU 0.5.0 evaluates it by default (`exp_taylor` of
 * libspu/kernel/hal/fxp_approx.cc): (1 + x / 2^n)^(2^n) with n = 8. On additive/semi2k each party
 * sends 8 + 8 x 24 = 200 bytes per element.
 *
 * Relative error about x^2 / 2^(n+1), so 2e-3 at x = -1 and 0.2 at x = -10, where the value is 5e-5.
 * Below -512 the power grows again. Above, 2^(k - 2 - 2f) bounds its square: x < 9 at 18 fraction bits.
 */
import type { AShare, Protocol } from '../../protocol.ts';

/** SPU's `fxp_exp_iters`. */
const defaultSquarings = 8;

export async function exp(
  mpc: Protocol,
  x: AShare,
  squarings: number = defaultSquarings,
): Promise<AShare> {
  const base = mpc.addFixed(await mpc.truncate(x, squarings), 1);
  return mpc.squareTimes(base, squarings, mpc.ring.fractionBits);
}

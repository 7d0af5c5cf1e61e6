/**
 * The logistic function as SPU 0.5.0 evaluates it in mode REAL (`sigmoid_real` of
 * libspu/kernel/hal/fxp_approx.cc): the reciprocal of 1 + exp(-x), 200 + 552 bytes per element and
 * party of additive/semi2k. For -9 < x < 512 at 18 fraction bits, where the exponential stays in the
 * ring.
 */
import type { AShare, Protocol } from '../../protocol.ts';
import { reciprocal } from './division.ts';
import { exp } from './exp.ts';

export async function sigmoid(mpc: Protocol, x: AShare): Promise<AShare> {
  return reciprocal(mpc, mpc.addFixed(await exp(mpc, mpc.negate(x)), 1));
}

/**
 * GeLU on CrypTen 0.4.0, in the forms that MPCFormer and its critics timed. Only Quad and the one by
 * Hardtanh are in MPCFormer's code (src/benchmark/utils.py, gpt.py, commit 38cb42c).
 */
import type { AShare, Protocol } from '../../protocol.ts';
import { addConstant, mulFixed, mulPublic } from './arithmetic.ts';
import { hardtanh } from './compare.ts';
import { erfAsShipped, erfCorrected } from './erf.ts';
import { tanh } from './logistic.ts';

/** 0.5 x (1 + erf(x / sqrt 2)). */
function byErf(erf: (mpc: Protocol, x: AShare) => Promise<AShare>) {
  return async (mpc: Protocol, x: AShare): Promise<AShare> => {
    const inner = await mulPublic(mpc, x, Math.SQRT1_2);
    const half = await mulPublic(mpc, x, 0.5);
    return mulFixed(mpc, half, addConstant(mpc, await erf(mpc.at('erf'), inner), 1));
  };
}

/** 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
function byTanh(bend: (mpc: Protocol, x: AShare) => Promise<AShare>) {
  return async (mpc: Protocol, x: AShare): Promise<AShare> => {
    const cube = await mulFixed(mpc, await mulFixed(mpc, x, x), x);
    const sum = mpc.add(x, await mulPublic(mpc, cube, 0.044715));
    const inner = await mulPublic(mpc, sum, Math.sqrt(2 / Math.PI));
    const half = await mulPublic(mpc, x, 0.5);
    return mulFixed(mpc, half, addConstant(mpc, await bend(mpc.at('tanh'), inner), 1));
  };
}

/** By the shipped erf: within 0.004 for -0.7 to 1.4, off by hundreds at 3. 392 B, 35 rounds. */
export const geluErfAsShipped = byErf(erfAsShipped);
/** By the corrected erf: within 0.013 everywhere. 576 B, 15 rounds. */
export const geluErfCorrected = byErf(erfCorrected);
/** 416 B, 26 rounds. */
export const geluTanh = byTanh(tanh);
/** Another function, 0.14 off at worst, half the rounds: 504 B, 12 rounds. */
export const geluHardtanh = byTanh(hardtanh);

/** 0.125 x x + 0.5 x + 0.25 by a general product: the coefficients of the timing code. 16 B, 1 round. */
export async function quadAsShipped(mpc: Protocol, x: AShare): Promise<AShare> {
  const square = await mulFixed(mpc, await mulPublic(mpc, x, 0.125), x);
  return addConstant(mpc, mpc.add(square, await mulPublic(mpc, x, 0.5)), 0.25);
}

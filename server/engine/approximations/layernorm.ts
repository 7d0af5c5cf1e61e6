/**
 * LayerNorm over the last axis as PUMA evaluates it (Algorithm 3): one reciprocal square root per
 * row, broadcast, then two products. The models' epsilons (1e-12, 1e-5) are below a unit of 2^-18
 * or a few units; a row without variance gives beta.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulConstant, mulFixed, spread } from './fixed.ts';
import { reciprocalSqrt } from './normalise.ts';

/** x [..., n], gamma and beta [n]. */
export async function layerNorm(
  mpc: Protocol,
  x: AShare,
  gamma: AShare,
  beta: AShare,
  epsilon: number,
): Promise<AShare> {
  const columns = x.shape.at(-1) ?? 1;
  const rows = x.shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const flat = mpc.view(x, { reshape: [rows, columns] });
  const mean = await mulConstant(mpc, rowSum(mpc, flat), 1 / columns);
  const centred = mpc.sub(flat, mean);
  const squares = await mulFixed(mpc, centred, centred);
  const variance = mpc.addFixed(await mulConstant(mpc, rowSum(mpc, squares), 1 / columns), epsilon);
  const inverse = await reciprocalSqrt(mpc.at('rsqrt'), variance);
  const unit = await mulFixed(mpc, centred, spread(mpc, inverse, columns));
  const scaled = await mulFixed(mpc, unit, mpc.view(gamma, { expand: [rows, columns] }));
  return mpc.view(mpc.add(scaled, beta), { reshape: x.shape });
}

function rowSum(mpc: Protocol, x: AShare): AShare {
  return mpc.view(mpc.sum(x, 1), { reshape: [x.shape[0] ?? 0, 1] });
}

/**
 * RMSNorm over the last axis (Zhang and Sennrich 2019): x / sqrt(mean(x^2) + epsilon) * gamma, with
 * one reciprocal square root per row, broadcast, then two products, as `layerNorm` does. PUMA does
 * not describe it; its LLaMA runs through SPU's generic square root like this.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulFixed, scaleRows } from './fixed.ts';
import { rowMean } from './layernorm.ts';
import { reciprocalSqrt } from './normalise.ts';

/** x [..., n], gamma [n]. */
export async function rmsNorm(
  mpc: Protocol,
  x: AShare,
  gamma: AShare,
  epsilon: number,
): Promise<AShare> {
  const columns = x.shape.at(-1) ?? 1;
  const rows = x.shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const flat = mpc.view(x, { reshape: [rows, columns] });
  const squares = await mulFixed(mpc, flat, flat);
  const power = mpc.addFixed(await rowMean(mpc, squares), epsilon);
  const inverse = await reciprocalSqrt(mpc.at('rsqrt'), power);
  const unit = await scaleRows(mpc, flat, inverse);
  const scaled = await mulFixed(mpc, unit, mpc.view(gamma, { expand: [rows, columns] }));
  return mpc.view(scaled, { reshape: x.shape });
}

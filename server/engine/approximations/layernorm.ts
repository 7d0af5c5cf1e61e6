/**
 * LayerNorm over the last axis as PUMA evaluates it (Algorithm 3): one reciprocal square root per
 * row, broadcast, then two products. A row without variance gives beta; under secret sharing the
 * unit of rounding in its mean is a variance, so beta plus at most about gamma.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulFixed, scaleRows, spread } from './fixed.ts';
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
  const mean = await rowMean(mpc, flat);
  const centred = mpc.sub(flat, mean);
  if (mpc.framework === null) {
    const weighted = await weightedUnit(mpc, centred, gamma, epsilon);
    return mpc.view(mpc.add(weighted, beta), { reshape: x.shape });
  }
  const squares = await mulFixed(mpc, centred, centred);
  const variance = mpc.addFixed(await rowMean(mpc, squares), epsilon);
  const inverse = await reciprocalSqrt(mpc.at('rsqrt'), variance);
  const unit = await mulFixed(mpc, centred, spread(mpc, inverse, columns));
  const scaled = await mulFixed(mpc, unit, mpc.view(gamma, { expand: [rows, columns] }));
  return mpc.view(mpc.add(scaled, beta), { reshape: x.shape });
}

/**
 * centred gamma / sqrt(variance), in fewer rounds and bytes: gamma is multiplied in meanwhile, and of the
 * squares only their sum is truncated. Needs a variance below 2^(k - 2 - 2f - log2 n), as `rowMean`:
 * 2^14 for f = 18 and n = 4096. Trained models stay below 100.
 */
async function weightedUnit(
  mpc: Protocol,
  centred: AShare,
  gamma: AShare,
  epsilon: number,
): Promise<AShare> {
  const [rows = 1, columns = 1] = centred.shape;
  const [weighted, inverse] = await mpc.together([
    (branch) => mulFixed(branch, centred, branch.view(gamma, { expand: [rows, columns] })),
    async (branch) => {
      const sum = branch.sum(await branch.square(centred), 1);
      const total = await branch.truncate(sum, branch.ring.fractionBits);
      const mean = await columnMean(branch, total, columns);
      return reciprocalSqrt(branch.at('rsqrt'), branch.addFixed(mean, epsilon));
    },
  ]);
  return scaleRows(mpc, weighted, inverse);
}

/**
 * Mean over the last axis, as a column. 1/n is encoded with log2 n more bits than the ring's fraction
 * and the product truncated by as many more: else the mean is off by up to n / 2^(f+1) of itself.
 * Needs |mean| < 2^(k - 2 - 2f - log2 n), 131,072 for f = 18 and n = 512.
 */
export async function rowMean(mpc: Protocol, x: AShare): Promise<AShare> {
  return columnMean(mpc, mpc.sum(x, 1), x.shape[1] ?? 1);
}

/** A sum over `columns` values for each row, divided by their number, as a column. */
async function columnMean(mpc: Protocol, total: AShare, columns: number): Promise<AShare> {
  const bits = mpc.ring.fractionBits + Math.ceil(Math.log2(columns));
  const sum = mpc.view(total, { reshape: [total.shape[0] ?? 0, 1] });
  return mpc.truncate(mpc.scale(sum, BigInt(Math.round(2 ** bits / columns))), bits);
}

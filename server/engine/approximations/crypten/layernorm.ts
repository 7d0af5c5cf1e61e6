/**
 * Normalisation on CrypTen 0.4.0, which has no LayerNorm: one put together from its functions, and
 * the BatchNorm that MPCFormer's benchmark times in its place (src/benchmark/models.py).
 */
import type { AShare, Protocol } from '../../protocol.ts';
import { rowSum } from '../fixed.ts';
import { addConstant, divideBy, mulColumn, mulFixed, mulRow } from './arithmetic.ts';
import { inverseSqrt } from './roots.ts';

/**
 * x [..., n], gamma and beta [n]. Good for variances of 0.1 to 150. Opens gamma once for all rows:
 * 18,624 B a row of 768 and 6,144 B more, so 19,392 B a row for 8 rows; 20 rounds.
 */
export async function layerNorm(
  mpc: Protocol,
  x: AShare,
  gamma: AShare,
  beta: AShare,
  epsilon: number,
): Promise<AShare> {
  const length = x.shape.at(-1) ?? 1;
  const centred = mpc.sub(x, await divideBy(mpc, rowSum(mpc, x), length));
  const squares = await mulFixed(mpc, centred, centred);
  const variance = addConstant(mpc, await divideBy(mpc, rowSum(mpc, squares), length), epsilon);
  const inverse = await inverseSqrt(mpc.at('rsqrt'), variance);
  const unit = await mulColumn(mpc, centred, inverse);
  return mpc.add(await mulRow(mpc, unit, gamma), beta);
}

/** Statistics that were found in training, all [n]; the deviation as its inverse. */
export interface BatchStatistics {
  readonly mean: AShare;
  readonly inverseDeviation: AShare;
  readonly gamma: AShare;
  readonly beta: AShare;
}

/**
 * x [..., n]: two products with rows and nothing of x's own statistics, so no LayerNorm in any
 * sense. 16 n B a row and 16 n B more, 2 rounds.
 */
export async function batchNorm(
  mpc: Protocol,
  x: AShare,
  { mean, inverseDeviation, gamma, beta }: BatchStatistics,
): Promise<AShare> {
  const unit = await mulRow(mpc, mpc.sub(x, mean), inverseDeviation);
  return mpc.add(await mulRow(mpc, unit, gamma), beta);
}

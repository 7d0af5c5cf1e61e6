/**
 * The attention normalisers that MPCViT compares, as its engine SPU runs them: scores [..., n] become
 * weights over the last axis. Bytes that each party of additive/semi2k sends per score:
 *
 *   Softmax    max 80 (n - 1) / n, exp 200, quotient      RSAttn  ReLU 80, quotient
 *   2Quad      square 24, quotient                        ScaleAttn  8
 *
 * The quotient is 576 where every score is divided, as the paper's engine ran; with the row's inverse
 * it is 24 and, once a row, 576 or 552. See `Quotient`.
 */
import { relu } from '../../circuits/compare.ts';
import type { AShare, Protocol } from '../../protocol.ts';
import { mulConstant, mulFixed, rowSum, spread } from '../fixed.ts';
import type { Description, SoftmaxFunction } from '../function.ts';
import { biased } from '../softmax.ts';
import { divide, reciprocal } from './division.ts';
import { exp } from './exp.ts';
import { rowMax } from './row-max.ts';

/**
 * How a row is divided by its sum. `perScore`: a division for every score, SPU's default.
 * `inverseByDivision`: one over the sum by one such division per row. `inverse`: one reciprocal per row,
 * which SPU puts in with `enable_optimize_denominator_with_broadcast`.
 */
export type Quotient = 'perScore' | 'inverseByDivision' | 'inverse';

type AttentionId = 'softmax' | 'rsattn' | '2quad' | 'scaleattn';

export interface AttentionWeights extends Description<AttentionId> {
  evaluate(mpc: Protocol, scores: AShare, quotient?: Quotient): Promise<AShare>;
}

/** Added to row sums that can be zero (MPCViT's released code, transformers.py): 3 units of 2^-18. */
const epsilon = 1e-5;

async function overRowSum(
  mpc: Protocol,
  x: AShare,
  column: AShare,
  quotient: Quotient,
): Promise<AShare> {
  const columns = x.shape.at(-1) ?? 1;
  if (quotient === 'perScore') {
    return divide(mpc.at('division'), x, spread(mpc, column, columns));
  }
  const place = mpc.at('reciprocal');
  const inverse =
    quotient === 'inverse'
      ? await reciprocal(place, column)
      : await divide(place, mpc.addFixed(mpc.scale(column, 0n), 1), column);
  return mulFixed(mpc, x, spread(mpc, inverse, columns));
}

export const softmax: AttentionWeights = {
  id: 'softmax',
  title: 'Softmax',
  description: 'Row maximum, (1 + x/256)^256, divided by the row sum.',
  source: 'SPU 0.5.0 with JAX',
  evaluate: async (mpc, scores, quotient = 'perScore') => {
    const largest = await rowMax(mpc.at('max'), scores);
    const powers = await exp(mpc.at('exp'), mpc.sub(scores, largest));
    return overRowSum(mpc, powers, rowSum(mpc, powers), quotient);
  },
};

/** The same as a plan names it: with padding, which gets a bias, and as JAX asks for it. */
export const softmaxSpu: SoftmaxFunction<'spu'> = {
  id: 'spu',
  title: 'Softmax of SPU',
  description: 'The exact function: row maximum, (1 + x/256)^256, a division for every score.',
  source: softmax.source,
  evaluate: (mpc, scores, keep) => softmax.evaluate(mpc, biased(mpc, scores, keep), 'perScore'),
};

export const reluSoftmax: AttentionWeights = {
  id: 'rsattn',
  title: 'RSAttn',
  description: 'ReLU(x) over its row sum. Made for models trained with it.',
  source: 'MPCViT (Zeng et al. 2023), released code',
  evaluate: async (mpc, scores, quotient = 'perScore') => {
    const kept = await relu(mpc.at('relu'), scores);
    return overRowSum(mpc, kept, mpc.addFixed(rowSum(mpc, kept), epsilon), quotient);
  },
};

export const squareAttention: AttentionWeights = {
  id: '2quad',
  title: '2Quad without shift',
  description: 'x² over its row sum, as MPCViT compares it. Made for models trained with it.',
  source: 'MPCViT (Zeng et al. 2023), released code',
  evaluate: async (mpc, scores, quotient = 'perScore') => {
    const squares = await mulFixed(mpc, scores, scores);
    return overRowSum(mpc, squares, mpc.addFixed(rowSum(mpc, squares), epsilon), quotient);
  },
};

export const scaleAttention: AttentionWeights = {
  id: 'scaleattn',
  title: 'ScaleAttn',
  description: 'x / n for rows of n scores: no normalisation. Made for models trained with it.',
  source: 'MPCViT (Zeng et al. 2023), released code',
  evaluate: (mpc, scores) => mulConstant(mpc, scores, 1 / (scores.shape.at(-1) ?? 1)),
};

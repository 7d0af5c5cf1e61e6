/**
 * LayerNorm, and what THE-X puts in its place (Chen et al. 2022): gamma x + beta, whose gamma and beta are trained
 * to come near the real one. No mean and no variance of the row: one product and no root.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulFixed } from './fixed.ts';
import type { Description } from './function.ts';
import { layerNorm } from './layernorm.ts';

export interface NormFunction<Id extends string> extends Description<Id> {
  /** x [..., n], gamma and beta [n]. */
  evaluate(mpc: Protocol, x: AShare, gamma: AShare, beta: AShare, epsilon: number): Promise<AShare>;
}

export const layerNormExact: NormFunction<'exact'> = {
  id: 'exact',
  title: 'LayerNorm',
  description: 'Mean and variance of each row, one reciprocal root per row.',
  source: 'PUMA (Dong et al. 2023), Algorithm 3',
  evaluate: layerNorm,
};

export const layerNormLinear: NormFunction<'linear'> = {
  id: 'linear',
  title: 'THE-X linear LayerNorm',
  description: 'gamma x + beta, of no statistics of the row. Made for models trained with it.',
  source: "THE-X (Chen et al. 2022), as IBM's GT4SD re-implementation has it",
  evaluate: async (mpc, x, gamma, beta) =>
    mpc.add(await mulFixed(mpc, x, mpc.view(gamma, { expand: x.shape })), beta),
};

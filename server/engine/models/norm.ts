/** Parameters of a normalisation, and its use in a model. */
import { layerNormExact } from '../approximations/layernorm-linear.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Functions } from './functions.ts';

export interface Norm {
  readonly gamma: AShare;
  readonly beta: AShare;
}

/** LayerNorm over the last axis of x, or what the plan puts in its place. */
export function normed(
  mpc: Protocol,
  x: AShare,
  { gamma, beta }: Norm,
  epsilon: number,
  { layerNorm = layerNormExact }: Pick<Functions, 'layerNorm'>,
): Promise<AShare> {
  return layerNorm.evaluate(mpc, x, gamma, beta, epsilon);
}

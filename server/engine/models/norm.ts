/** Parameters of a normalisation, and its use in a model. */
import { layerNorm } from '../approximations/layernorm.ts';
import type { AShare, Protocol } from '../protocol.ts';

export interface Norm {
  readonly gamma: AShare;
  readonly beta: AShare;
}

/** LayerNorm over the last axis of x. */
export function normed(mpc: Protocol, x: AShare, norm: Norm, epsilon: number): Promise<AShare> {
  return layerNorm(mpc, x, norm.gamma, norm.beta, epsilon);
}

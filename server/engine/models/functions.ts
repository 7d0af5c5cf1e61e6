/** The functions that a plan chose, as models receive them. */
import type { ElementFunction, SoftmaxFunction } from '../approximations/function.ts';
import type { NormFunction } from '../approximations/layernorm-linear.ts';

export interface Functions {
  /** Of the layers that have others than the rest, by index. */
  readonly layers?: readonly Functions[];
  readonly gelu: ElementFunction<string>;
  readonly softmax: SoftmaxFunction<string>;
  readonly silu: ElementFunction<string>;
  /** Positions that keep the GELU, ascending; absent: all of them. */
  readonly geluTokens?: readonly number[];
  /** Absent: the function itself. */
  readonly layerNorm?: NormFunction<string>;
}

/** Those of one layer, counted from 0. */
export const functionsAt = (fns: Functions, layer: number): Functions => fns.layers?.[layer] ?? fns;

/**
 * What the engine needs to know of a model, whatever its architecture: which weights it reads, what
 * its inputs and outputs look like, and how one inference goes. Everything here is public.
 */
import type { Batch } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Shape } from '../ring/tensor.ts';

/** One tensor to be shared: how it is made from the checkpoint's tensors. */
export interface WeightRecipe {
  readonly shape: Shape;
  /** Checkpoint tensors joined along the output axis; `transpose` turns [out, in] into [in, out]. */
  readonly from: readonly string[];
  readonly transpose: boolean;
  /** Shape of each in the checkpoint where it has other axes, such as a convolution's. */
  readonly stored?: Shape;
  /** All values times this, by who has them in the open; absent: 1. */
  readonly factor?: number;
  /**
   * Two layers one after the other as one, multiplied out by who has the weights in the open: `from` names
   * both matrices, or of the bias the first bias, the second matrix and the second bias.
   */
  readonly fused?: {
    readonly part: 'matrix' | 'bias';
    readonly inputs: number;
    /** Width between the two. */
    readonly inner: number;
  };
}

/** Hands out a share per recipe. */
export type ReadWeight = (recipe: WeightRecipe) => Promise<AShare>;

export interface InputRecipe {
  readonly shape: Shape;
  /** `integer`: ring integers, such as ids and masks; `fixed`: fixed-point numbers. */
  readonly scale: 'integer' | 'fixed';
}

/** Inputs in the order of `Model.inputs`. */
export type Inference = (mpc: Protocol, inputs: readonly AShare[]) => Promise<AShare>;

export interface Model {
  /** Reads every weight, always in the same order. */
  load(read: ReadWeight): Promise<Inference>;
  /** `length`: positions, where they differ by inference; models of fixed length do not ask. */
  inputs(batchSize: number, length?: number): readonly InputRecipe[];
  /** Values of the inputs, row-major; throws `EngineError('plan')` for a batch of another kind. */
  encode(batch: Batch): readonly ArrayLike<number>[];
  outputShape(batchSize: number): Shape;
}

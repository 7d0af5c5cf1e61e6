/** Weights and inputs as ring tensors, for whoever holds them in the open: the owner and `clear`. */
import { encodeTensor } from './fixed-point.ts';
import type { Model, WeightRecipe } from './models/model.ts';
import type { Batch, Ring, Weights } from './plan.ts';
import type { Kernels } from './ring/kernels.ts';
import type { Tensor } from './ring/tensor.ts';
import { readWeight } from './weights.ts';

export function encodeWeight(
  kernels: Kernels,
  ring: Ring,
  weights: Weights,
  recipe: WeightRecipe,
): Tensor {
  return encodeTensor(kernels, ring, readWeight(weights, recipe), recipe.shape);
}

/**
 * In the order of the model's inputs.
 * @param length positions of this batch, where lengths are public; absent: the plan's
 */
export function encodeBatch(
  kernels: Kernels,
  ring: Ring,
  model: Model,
  batch: Batch,
  length?: number,
): Tensor[] {
  const values = model.encode(batch);
  return model.inputs(batch.size, length).map(({ shape, scale }, index) => {
    const fractionBits = scale === 'integer' ? 0 : ring.fractionBits;
    return encodeTensor(kernels, ring, values[index] ?? [], shape, fractionBits);
  });
}

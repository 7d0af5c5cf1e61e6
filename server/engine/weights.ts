/** Turns checkpoint tensors into the layout in which they are shared. */
import { EngineError } from './errors.ts';
import type { WeightRecipe } from './models/model.ts';
import type { Weights } from './plan.ts';
import { elementCount, showShape, type Shape } from './ring/tensor.ts';

/** Shape that every tensor of a recipe has in the checkpoint. */
export function storedShape({ shape, from, transpose, stored }: WeightRecipe): Shape {
  if (stored !== undefined) return stored;
  const outputs = (shape.at(-1) ?? 0) / from.length;
  if (shape.length === 1) return [outputs];
  return transpose ? [outputs, shape[0] ?? 0] : shape;
}

/**
 * Values of one recipe, row-major in its shape. Throws `EngineError('plan')` naming the tensor that is
 * missing or has another shape than the configuration says.
 */
export function readWeight(weights: Weights, recipe: WeightRecipe): Float64Array {
  const { shape, from, transpose } = recipe;
  const out = new Float64Array(elementCount(shape));
  const outputs = (shape.at(-1) ?? 0) / from.length;
  const inputs = shape.length === 2 ? (shape[0] ?? 0) : 1;
  const expected = storedShape(recipe);
  from.forEach((name, part) => {
    const tensor = weights.get(name);
    if (tensor === undefined || showShape(tensor.shape) !== showShape(expected)) {
      const found = tensor === undefined ? 'is missing' : `has shape ${showShape(tensor.shape)}`;
      throw new EngineError('plan', `weights: ${name} ${found}, expected ${showShape(expected)}`);
    }
    const { data } = tensor;
    for (let row = 0; row < inputs; row++) {
      for (let column = 0; column < outputs; column++) {
        const at = transpose ? column * inputs + row : row * outputs + column;
        out[row * outputs * from.length + part * outputs + column] = data[at] ?? 0;
      }
    }
  });
  return out;
}

/** Turns checkpoint tensors into the layout in which they are shared. */
import { EngineError } from './errors.ts';
import type { WeightRecipe } from './models/model.ts';
import type { Weights } from './plan.ts';
import { elementCount, showShape } from './ring/tensor.ts';

/**
 * Values of one recipe, row-major in its shape. Throws `EngineError('plan')` naming the tensor that is
 * missing or has another shape than the configuration says.
 */
export function readWeight(weights: Weights, recipe: WeightRecipe): Float64Array {
  const out = new Float64Array(elementCount(recipe.shape));
  const parts = recipe.from.length;
  const outputs = (recipe.shape.at(-1) ?? 0) / parts;
  const inputs = recipe.shape.length === 2 ? (recipe.shape[0] ?? 0) : 1;
  recipe.from.forEach((name, part) => {
    const tensor = weights.get(name);
    const expected =
      recipe.shape.length === 1 ? [outputs] : recipe.transpose ? [outputs, inputs] : recipe.shape;
    if (tensor === undefined || showShape(tensor.shape) !== showShape(expected)) {
      const found = tensor === undefined ? 'is missing' : `has shape ${showShape(tensor.shape)}`;
      throw new EngineError('plan', `weights: ${name} ${found}, expected ${showShape(expected)}`);
    }
    for (let row = 0; row < inputs; row++) {
      for (let column = 0; column < outputs; column++) {
        const from = recipe.transpose ? column * inputs + row : row * outputs + column;
        out[row * outputs * parts + part * outputs + column] = tensor.data[from] ?? 0;
      }
    }
  });
  return out;
}

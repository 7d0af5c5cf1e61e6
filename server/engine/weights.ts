/** Turns checkpoint tensors into the layout in which they are shared. */
import { EngineError } from './errors.ts';
import type { WeightRecipe } from './models/model.ts';
import type { Weights } from './plan.ts';
import { elementCount, showShape, type Shape } from './ring/tensor.ts';

/** Shape that every tensor of a recipe has in the checkpoint; not for those of two layers as one. */
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
  const { shape, from, transpose, fused, factor = 1 } = recipe;
  if (fused !== undefined) return readFused(weights, recipe, fused);
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
        out[row * outputs * from.length + part * outputs + column] = factor * (data[at] ?? 0);
      }
    }
  });
  return out;
}

type Fused = NonNullable<WeightRecipe['fused']>;

/**
 * Two layers as one: first times second, or the first's bias times the second, and the second's bias. Summed in
 * float64, so that what is shared is rounded once.
 */
function readFused(weights: Weights, recipe: WeightRecipe, fused: Fused): Float64Array {
  const { from, shape, transpose } = recipe;
  const { part, inputs, inner } = fused;
  const outputs = shape.at(-1) ?? 0;
  const matrix = (name: string | undefined, rows: number, columns: number) =>
    readWeight(weights, { shape: [rows, columns], from: [name ?? ''], transpose });
  const vector = (name: string | undefined, width: number) =>
    readWeight(weights, { shape: [width], from: [name ?? ''], transpose: false });
  const isMatrix = part === 'matrix';
  const rows = isMatrix ? inputs : 1;
  const left = isMatrix ? matrix(from[0], inputs, inner) : vector(from[0], inner);
  const right = matrix(from[1], inner, outputs);
  const out = new Float64Array(rows * outputs);
  if (!isMatrix) out.set(vector(from[2], outputs));
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < inner; k++) {
      const factor = left[row * inner + k] ?? 0;
      for (let column = 0; column < outputs; column++) {
        const at = row * outputs + column;
        out[at] = (out[at] ?? 0) + factor * (right[k * outputs + column] ?? 0);
      }
    }
  }
  return out;
}

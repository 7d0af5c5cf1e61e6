/** The student before its first step: its functions, which weights it learns, and what they start from. */
import { bertWeightShapes } from '../models/bert.ts';
import { randomStream, truncatedNormal } from '../random.ts';
import type { DistillationRecipe } from '../recipe.ts';
import { TrainingError } from '../errors.ts';
import { sameShape, sizeOf } from '../graph/shapes.ts';
import type { TextModelConfig } from '../../zoo/model-config.ts';
import type { Tensor } from '../../zoo/safetensors.ts';
import type { StudentShape, Weights } from './stage-graph.ts';

/** Standard deviation of BERT's first weights. */
const initialDeviation = 0.02;

export function studentShape(recipe: DistillationRecipe, config: TextModelConfig): StudentShape {
  const { gelu, softmax, frozen } = recipe.student;
  const names = [...bertWeightShapes(config).keys()];
  for (const prefix of frozen) {
    if (!names.some((name) => name.startsWith(prefix))) {
      throw new TrainingError(
        'recipe',
        `student.frozen: no weight of ${recipe.teacher} starts with "${prefix}"; names are such as "${names[0]}".`,
      );
    }
  }
  const isFrozen = (name: string): boolean => frozen.some((prefix) => name.startsWith(prefix));
  return { config, gelu, softmax, isFrozen };
}

/** @throws TrainingError 'recipe' naming the first weight that the teacher lacks or has otherwise */
export function requireShapes(config: TextModelConfig, weights: Weights, whose: string): void {
  for (const [name, shape] of bertWeightShapes(config)) {
    const found = weights.get(name);
    if (found === undefined || !sameShape(found.shape, shape)) {
      throw new TrainingError(
        'recipe',
        `${whose}: weight "${name}" is ${found === undefined ? 'missing' : `[${found.shape.join(', ')}]`}, the student needs [${shape.join(', ')}].`,
      );
    }
  }
}

function randomWeight(name: string, shape: readonly number[], seed: number): Tensor {
  const count = sizeOf(shape);
  if (name.endsWith('LayerNorm.weight')) return { shape, data: new Float32Array(count).fill(1) };
  if (name.endsWith('.bias')) return { shape, data: new Float32Array(count) };
  const random = randomStream(seed, 'first weights', name);
  return { shape, data: truncatedNormal(count, initialDeviation, random) };
}

/** Copies of the teacher's weights, or random ones. */
export function firstWeights(
  recipe: DistillationRecipe,
  config: TextModelConfig,
  teacher: Weights,
): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const [name, shape] of bertWeightShapes(config)) {
    const copy = (): Tensor => ({ shape, data: teacher.get(name)!.data.slice() });
    const random = recipe.student.initialisation === 'random';
    weights.set(name, random ? randomWeight(name, shape, recipe.seed) : copy());
  }
  return weights;
}

/** How many numbers a model has, from its configuration alone: no weight is made or read. */
import type { ModelConfig } from '../engine/models/config.ts';
import { elementCount } from '../engine/ring/tensor.ts';
import { randomWeights } from './random-weights.ts';

/** Of every tensor that inference reads, by checkpoint name, so a tied one counts once. */
export async function parameterCount(config: ModelConfig): Promise<number> {
  const tensors = await randomWeights(config, 'count');
  return [...tensors.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

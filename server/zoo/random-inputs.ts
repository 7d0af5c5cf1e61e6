/** Inputs for models whose weights are random: seeded ids or pixels, with no label to be right about. */
import type { ModelConfig } from '../engine/models/config.ts';
import type { Batch } from '../engine/plan.ts';
import { uniform } from './random-weights.ts';

/** The set as a data set is listed; it has no labels. Each sample is made from its number alone. */
export const randomInputs = {
  id: 'random',
  title: 'Random inputs, for latency and cost only',
  size: 500,
} as const;

/**
 * Samples `first` to `first + size - 1`: texts of full length, so that nothing is padding, or images of
 * normalised pixels between -1 and 1.
 *
 * @param length positions per text; an image's follow from the model
 */
export function randomBatch(
  model: ModelConfig,
  length: number,
  first: number,
  size: number,
  seed: string,
): Batch {
  const streams = Array.from({ length: size }, (_, at) => uniform(`${seed} sample ${first + at}`));
  const draw = (perSample: number): number[] =>
    streams.flatMap((next) => Array.from({ length: perSample }, next));
  if (model.architecture === 'vit' || model.architecture === 'vit-lite') {
    const { channels, imageSize } = model;
    const values = draw(channels * imageSize ** 2);
    return { size, pixels: Float32Array.from(values, (value) => 2 * value - 1) };
  }
  const ids = Int32Array.from(draw(length), (value) => Math.floor(value * model.vocabularySize));
  return { size, ids, mask: new Uint8Array(size * length).fill(1) };
}

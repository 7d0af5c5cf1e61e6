/**
 * Weights for a model of which only the shape is true: seeded, made when they are read and not kept,
 * so that a model of a gigabyte needs none of memory here. Norms pass through (gamma 1, beta 0) and
 * everything else has mean 0 and deviation 0.02, BERT's and GPT-2's initial values, so that activations
 * stay in the range of the fixed point.
 */
import { createHash } from 'node:crypto';
import type { ModelConfig } from '../engine/models/config.ts';
import { lengthRange, modelOf } from '../engine/models/registry.ts';
import type { Weights } from '../engine/plan.ts';
import { elementCount, type Shape } from '../engine/ring/tensor.ts';
import { storedShape } from '../engine/weights.ts';

const deviation = 0.02;

/** One tensor whose values are drawn anew at every reading, always the same. */
class RandomTensor {
  readonly shape: Shape;
  readonly #label: string;

  constructor(shape: Shape, label: string) {
    this.shape = shape;
    this.#label = label;
  }

  get data(): Float32Array {
    const count = elementCount(this.shape);
    const data = new Float32Array(count);
    if (this.shape.length === 1) return data.fill(isGain(this.#label) ? 1 : 0);
    const next = uniform(this.#label);
    // Uniform between +-sqrt(3) has deviation 1.
    const width = 2 * Math.sqrt(3) * deviation;
    for (let at = 0; at < count; at += 1) data[at] = width * (next() - 0.5);
    return data;
  }
}

/** Vectors are norms' gammas, which multiply, or are added: biases, betas, means. */
const isGain = (label: string): boolean => /\.(weight|inverse_deviation)$/.test(label);

/**
 * Numbers in [0, 1) from a label: the same on every machine. xorshift32 (Marsaglia 2003), begun from
 * the label's hash. For weights that mean nothing; never for anything secret.
 */
export function uniform(label: string): () => number {
  let state = createHash('sha256').update(label).digest().readUInt32LE(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Every tensor that the model reads, by its checkpoint name.
 * @param length positions of the plan, on which a projection along the sequence depends; default: the fewest
 */
export async function randomWeights(
  model: ModelConfig,
  seed: string,
  length = lengthRange(model)[0],
): Promise<Weights> {
  const weights = new Map<string, RandomTensor>();
  const shapeOnly = {
    variant: 'clear',
    ring: { bits: 64, fractionBits: 18 },
    model,
    approximations: { gelu: 'puma', softmax: 'puma' },
    length,
  } as const;
  await modelOf(shapeOnly).load(async (recipe) => {
    for (const name of recipe.from) {
      weights.set(name, new RandomTensor(storedShape(recipe), `${seed} ${name}`));
    }
    return { domain: 'arithmetic', shape: recipe.shape };
  });
  return weights;
}

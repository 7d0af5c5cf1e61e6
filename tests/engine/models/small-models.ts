/** One small configuration of every architecture, with seeded weights and inputs, for tests. */
import type {
  BertConfig,
  Gpt2Config,
  LlamaConfig,
  ModelConfig,
  MpcformerBenchmarkConfig,
  RobertaConfig,
  VitConfig,
  VitLiteConfig,
} from '../../../server/engine/models/config.ts';
import { imagePositions } from '../../../server/engine/models/config.ts';
import { modelOf } from '../../../server/engine/models/registry.ts';
import type { Batch, ImageBatch, Plan, TextBatch, Weights } from '../../../server/engine/plan.ts';
import { elementCount } from '../../../server/engine/ring/tensor.ts';
import { storedShape } from '../../../server/engine/weights.ts';
import { seededRandom } from '../../support/random.ts';

const stack = { layers: 2, hidden: 8, heads: 2, ffn: 16 } as const;
const vocabulary = { vocabularySize: 11, maxPositions: 9 } as const;
const image = {
  imageSize: 4,
  patchSize: 2,
  channels: 3,
  labels: 3,
  layerNormEpsilon: 1e-5,
} as const;

export const bert: BertConfig = {
  architecture: 'bert',
  ...stack,
  ...vocabulary,
  typeVocabularySize: 2,
  labels: 3,
  layerNormEpsilon: 1e-12,
  pooling: 'cls',
};
export const roberta: RobertaConfig = {
  architecture: 'roberta',
  ...stack,
  ...vocabulary,
  labels: 3,
  layerNormEpsilon: 1e-5,
  paddingId: 1,
};
export const gpt2: Gpt2Config = {
  architecture: 'gpt2',
  ...stack,
  ...vocabulary,
  layerNormEpsilon: 1e-5,
};
export const llama: LlamaConfig = {
  architecture: 'llama',
  ...stack,
  vocabularySize: 11,
  rmsNormEpsilon: 1e-6,
  rotaryBase: 10_000,
};
export const vit: VitConfig = { architecture: 'vit', ...stack, ...image };
export const vitLite: VitLiteConfig = {
  architecture: 'vit-lite',
  ...stack,
  ...image,
  layers: 3,
  heads: 4,
  attention: [
    ['softmax', 'relu', 'scale', '2quad'],
    ['scale', 'relu', 'relu', 'scale'],
    ['2quad', 'softmax', '2quad', 'softmax'],
  ],
  quotient: 'inverse',
};

export const mpcformerBenchmark: MpcformerBenchmarkConfig = {
  architecture: 'mpcformer-benchmark',
  ...stack,
  ...vocabulary,
  embeddingBlocks: 3,
};

export const textLength = 5;

export const lengthOf = (model: ModelConfig): number =>
  model.architecture === 'vit' || model.architecture === 'vit-lite'
    ? imagePositions(model)
    : textLength;

/** Of about the size of trained ones; norms' gammas near 1, but not 1. */
export async function seededWeights(plan: Plan): Promise<Weights> {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  await modelOf(plan).load(async (recipe) => {
    const shape = storedShape(recipe);
    for (const name of recipe.from) {
      const random = seededRandom(name);
      const isGamma = shape.length === 1 && name.endsWith('.weight');
      const data = Float32Array.from({ length: elementCount(shape) }, () =>
        isGamma ? 0.8 + 0.4 * random() : random() - 0.5,
      );
      weights.set(name, { shape, data });
    }
    return { domain: 'arithmetic', shape: recipe.shape };
  });
  return weights;
}

/** `padded` texts end with padding, the others have their full length. */
export function texts(size: number, label: string, padded: boolean): TextBatch {
  const random = seededRandom(label);
  const count = size * textLength;
  const ids = Int32Array.from({ length: count }, () => Math.floor(random() * 11));
  const mask = Uint8Array.from({ length: count }, (_, at) => {
    const sample = Math.floor(at / textLength);
    return padded && at % textLength >= 3 + (sample % 3) ? 0 : 1;
  });
  return { size, ids, mask };
}

export function images(size: number, label: string): ImageBatch {
  const random = seededRandom(label);
  const { channels, imageSize } = image;
  const count = size * channels * imageSize ** 2;
  return { size, pixels: Float32Array.from({ length: count }, () => 2 * random() - 1) };
}

export function batchFor(model: ModelConfig, size: number, label: string): Batch {
  switch (model.architecture) {
    case 'vit':
    case 'vit-lite':
      return images(size, label);
    case 'gpt2':
    case 'llama':
      return texts(size, label, false);
    default: {
      const batch = texts(size, label, true);
      const pairs = model.architecture === 'bert' && model.segments === 2;
      // The second text begins at the third piece.
      return pairs ? { ...batch, types: batch.mask.map((_, at) => (at % textLength) >> 1) } : batch;
    }
  }
}

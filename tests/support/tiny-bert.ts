/** A BERT small enough for tests: seeded weights and batches. */
import type { Batch, BertConfig, Weights } from '../../server/engine/plan.ts';
import { bertWeights } from '../../server/engine/models/bert.ts';
import { seededRandom } from './random.ts';

export const tinyBert: BertConfig = {
  architecture: 'bert',
  layers: 2,
  hidden: 8,
  heads: 2,
  ffn: 16,
  vocabularySize: 11,
  maxPositions: 6,
  typeVocabularySize: 2,
  labels: 3,
  layerNormEpsilon: 1e-12,
  pooling: 'cls',
};

export const tinyLength = 5;

/** Layer-norm gains near 1, everything else in [-0.5, 0.5). */
export async function tinyWeights(): Promise<Weights> {
  const weights = new Map<string, { shape: number[]; data: Float32Array }>();
  await bertWeights(tinyBert, async ({ shape, from, transpose }) => {
    for (const name of from) {
      const random = seededRandom(name);
      const outputs = (shape.at(-1) ?? 0) / from.length;
      const own =
        shape.length === 1 ? [outputs] : transpose ? [outputs, shape[0] ?? 0] : [...shape];
      const gain = name.endsWith('LayerNorm.weight');
      const data = Float32Array.from({ length: own.reduce((a, b) => a * b, 1) }, () =>
        gain ? 0.8 + 0.4 * random() : random() - 0.5,
      );
      weights.set(name, { shape: own, data });
    }
    return { domain: 'arithmetic', shape };
  });
  return weights;
}

export function tinyBatch(size: number, label: string): Batch {
  const random = seededRandom(label);
  const ids = Int32Array.from({ length: size * tinyLength }, () =>
    Math.floor(random() * tinyBert.vocabularySize),
  );
  const mask = Uint8Array.from({ length: size * tinyLength }, (_, index) =>
    index % tinyLength < 2 || random() < 0.7 ? 1 : 0,
  );
  return { size, ids, mask };
}

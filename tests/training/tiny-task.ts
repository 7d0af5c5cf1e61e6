/** A distillation small enough for tests: a tiny teacher with seeded weights, and rows it can be asked about. */
import type { ImdbRows } from '../../server/training/imdb-rows.ts';
import type { TokenRows } from '../../server/training/data.ts';
import { bertWeightShapes } from '../../server/training/models/bert.ts';
import { parseDistillation, type DistillationRecipe } from '../../server/training/recipe.ts';
import type { TextModelConfig } from '../../server/zoo/model-config.ts';
import type { Tensor } from '../../server/zoo/safetensors.ts';
import { seededRandom } from '../support/random.ts';

export const tinyConfig: TextModelConfig = {
  architecture: 'bert',
  layers: 2,
  hidden: 8,
  heads: 2,
  ffn: 16,
  vocabularySize: 11,
  maxPositions: 6,
  typeVocabularySize: 2,
  maxLength: 5,
  labels: ['negative', 'positive'],
  layerNormEpsilon: 1e-12,
  activation: 'gelu',
  truncation: { headFraction: 0.3 },
  pooling: 'mean',
};

/** Gains near 1, everything else in [-0.5, 0.5). */
export function tinyTeacher(): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const [name, shape] of bertWeightShapes(tinyConfig)) {
    const random = seededRandom(name);
    const gain = name.endsWith('LayerNorm.weight');
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
      gain ? 0.8 + 0.4 * random() : random() - 0.5,
    );
    weights.set(name, { shape, data });
  }
  return weights;
}

/** Rows of 2 to 5 real positions; the label says whether the second token is above 5. */
export function tinyRows(count: number, label: string): TokenRows {
  const random = seededRandom(label);
  const length = tinyConfig.maxLength;
  const ids = new Uint16Array(count * length);
  const labels = new Uint8Array(count);
  for (let row = 0; row < count; row += 1) {
    const real = 2 + Math.floor(random() * (length - 1));
    for (let position = 0; position < real; position += 1) {
      ids[row * length + position] = 1 + Math.floor(random() * (tinyConfig.vocabularySize - 1));
    }
    labels[row] = Number(ids[row * length + 1]! > 5);
  }
  return { ids, labels, length };
}

export const tinyImdb = (): ImdbRows => ({
  train: tinyRows(96, 'train'),
  validation: tinyRows(60, 'validation'),
  heldOut: tinyRows(60, 'held out'),
});

/** Two stages of 12 steps each, judged every 6, with dropout so that its masks are resumed as well. */
export function tinyRecipe(changes: object = {}): DistillationRecipe {
  const base = {
    kind: 'distillation',
    id: 'tiny-quad-2quad',
    title: 'Tiny',
    teacher: 'tiny',
    student: { gelu: 'quad', softmax: '2quad', initialisation: 'teacher', dropout: 0.1 },
    data: { set: 'imdb', trainRows: 96, validationRows: 60, heldOutRows: 60 },
    batch: 8,
    stages: [
      { name: 'representation', loss: { hidden: 1, scores: 0.1 }, epochs: 1, learningRate: 3e-3 },
      { name: 'prediction', loss: { logits: 1 }, epochs: 1, learningRate: 1e-3 },
    ],
    seed: 7,
    evaluateEvery: 6,
  };
  return parseDistillation({ ...base, ...changes }, 'tiny recipe');
}

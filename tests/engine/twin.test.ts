/**
 * The clear twin in fixed point and float64 at once: its fixed half is `clear` to the bit, its float half has
 * no rounding in it, and what it says of a place is how far the two lie apart there.
 */
import { describe, expect, test } from 'vitest';
import { executeClear, executeTwin, type TwinLogits } from '../../server/engine/execute.ts';
import { bertWeights } from '../../server/engine/models/bert.ts';
import type { BertConfig, Plan, Weights } from '../../server/engine/plan.ts';
import { FloatProtocol, floatTensor } from '../../server/engine/protocols/clear/float.ts';
import { multiplyMatrices } from '../../server/engine/protocols/clear/float-matmul.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { seededRandom } from '../support/random.ts';

const kernels = loadKernels();
const config: BertConfig = {
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
  pooling: 'mean',
};
const batch = {
  size: 2,
  ids: Int32Array.from([1, 4, 2, 9, 0, 3, 3, 7, 5, 10]),
  mask: Uint8Array.from([1, 1, 1, 1, 0, 1, 1, 1, 1, 1]),
};

async function weightsOf(): Promise<Weights> {
  const weights = new Map<string, { shape: number[]; data: Float32Array }>();
  await bertWeights(config, async ({ shape, from, transpose }) => {
    for (const name of from) {
      const random = seededRandom(name);
      const outputs = (shape.at(-1) ?? 0) / from.length;
      const own =
        shape.length === 1 ? [outputs] : transpose ? [outputs, shape[0] ?? 0] : [...shape];
      const length = own.reduce((a, b) => a * b, 1);
      const norm = name.endsWith('LayerNorm.weight');
      const data = Float32Array.from({ length }, () => (norm ? 1 : random() - 0.5));
      weights.set(name, { shape: own, data });
    }
    return { domain: 'arithmetic', shape };
  });
  return weights;
}

async function twinOf(fractionBits: number, approximations: Plan['approximations']) {
  const plan: Plan = {
    variant: 'replicated/fast',
    ring: { bits: 64, fractionBits },
    model: config,
    approximations,
    length: 5,
  };
  const args = { plan, kernels, weights: await weightsOf(), batches: [batch] };
  const logits: TwinLogits[] = [];
  const errors = await executeTwin({ ...args, onLogits: (_, both) => void logits.push(both) });
  const [both] = logits;
  const [clear] = await executeClear(args);
  if (both === undefined || clear === undefined) throw new Error('no logits');
  return { errors, both, clear };
}

const distance = (a: Float64Array, b: Float64Array): number =>
  Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? Number.NaN))));

describe('the twin of a small BERT', () => {
  test.each([
    { gelu: 'puma', softmax: 'puma' },
    { gelu: 'even', softmax: 'exponential' },
    { gelu: 'quad', softmax: '2quad' },
    { gelu: 'spu-erf', softmax: 'spu' },
    { gelu: 'tanh-series', softmax: 'series' },
  ] as const)('is clear to the bit in its fixed half: $gelu, $softmax', async (functions) => {
    const { both, clear } = await twinOf(18, functions);
    expect([...both.fixed]).toEqual([...clear]);
    expect(distance(both.fixed, both.float)).toBeLessThan(0.02);
  });

  test('lies closer to float64 the more fraction bits there are', async () => {
    const functions = { gelu: 'quad', softmax: '2quad' } as const;
    const coarse = await twinOf(12, functions);
    const fine = await twinOf(20, functions);
    expect(distance(fine.both.fixed, fine.both.float)).toBeLessThan(
      distance(coarse.both.fixed, coarse.both.float) / 16,
    );
    // Only public constants know how many bits there are.
    expect(distance(fine.both.float, coarse.both.float)).toBeLessThan(0.02);
    const worst = (errors: typeof fine.errors): number =>
      Math.max(...errors.map(({ maxError }) => maxError));
    expect(worst(fine.errors)).toBeLessThan(worst(coarse.errors) / 16);
  });

  test('names the places of the model in its order, each with its n', async () => {
    const { errors } = await twinOf(18, { gelu: 'puma', softmax: 'puma' });
    const paths = errors.map(({ path }) => path);
    for (const path of ['layer0.attention.scores', 'layer0.gelu', 'layer1.gelu', 'head.pooler']) {
      expect(paths).toContain(path);
    }
    expect(paths.indexOf('layer0.gelu')).toBeLessThan(paths.indexOf('layer1.gelu'));
    const gelu = errors.find(({ path }) => path === 'layer0.gelu');
    expect(gelu?.elements).toBe(2 * 5 * config.ffn);
    for (const { maxError, meanError, largest } of errors) {
      expect(meanError).toBeLessThanOrEqual(maxError);
      expect(Number.isFinite(largest)).toBe(true);
    }
  });
});

test('products of one-hot and of dense rows, odd sizes, one right side for all or one each', () => {
  const product = (x: number[], y: number[], shape: Parameters<typeof multiplyMatrices>[3]) => {
    const out = new Float64Array(shape.batch * shape.m * shape.n).fill(Number.NaN);
    multiplyMatrices(Float64Array.from(x), Float64Array.from(y), out, shape);
    return [...out];
  };
  const one = { batch: 1, yBatch: 1, m: 3, k: 2, n: 1 };
  expect(product([1, 2, 3, 4, 5, 6], [10, 1], one)).toEqual([12, 34, 56]);
  const each = { batch: 2, yBatch: 2, m: 1, k: 1, n: 2 };
  expect(product([2, 3], [1, 10, 100, 1000], each)).toEqual([2, 20, 300, 3000]);
  const sparse = Array.from({ length: 40 }, (_, at) => (at === 7 ? 2 : 0));
  const rows = Array.from({ length: 40 }, (_, at) => at);
  expect(product(sparse, rows, { batch: 1, yBatch: 1, m: 1, k: 40, n: 1 })).toEqual([14]);
});

test('refuses a ring whose elements are no doubles wide, and values that do not fill a shape', () => {
  const ends = { nextInput: () => floatTensor([], [0], 0), revealed: () => {} };
  expect(() => new FloatProtocol(kernels, { bits: 32, fractionBits: 12 }, ends)).toThrow('use 64');
  expect(() => floatTensor([1, 2], [3], 0)).toThrow('2 values for [3]');
});

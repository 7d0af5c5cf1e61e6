/** Models of which only the shape is true: their sizes are the published ones, their weights repeat. */
import { describe, expect, it } from 'vitest';
import { executeClear } from '../../server/engine/execute.ts';
import { imagePositions, type ModelConfig } from '../../server/engine/models/config.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { elementCount } from '../../server/engine/ring/tensor.ts';
import { randomBatch } from '../../server/zoo/random-inputs.ts';
import { randomWeights, uniform } from '../../server/zoo/random-weights.ts';
import { inputKindOf, shapeModel, shapeModels } from '../../server/zoo/shape-models.ts';

const small: ModelConfig = {
  architecture: 'bert',
  layers: 1,
  hidden: 8,
  heads: 2,
  ffn: 16,
  vocabularySize: 11,
  maxPositions: 8,
  typeVocabularySize: 2,
  labels: 2,
  layerNormEpsilon: 1e-12,
  pooling: 'cls',
};

describe('shapes', () => {
  // Parameters as published (MPCViT prints its own with an alpha per head: 3,716,902 with 28); GPT-2's
  // table, which is also its head, counts once.
  it.each([
    ['bert-base', 108_311_810],
    // One matrix a layer from 128 tokens, the fewest, to 128 rows.
    ['bert-base-linformer', 108_311_810 + 12 * 128 * 128],
    ['bert-large', 333_581_314],
    ['roberta-base', 124_647_170],
    ['gpt2', 124_439_808],
    ['gpt2-medium', 354_823_168],
    ['gpt2-large', 774_030_080],
    ['llama-7b', 6_738_415_616],
    // All layers but one less.
    ['bert-large-block', 333_581_314 - 23 * 12_596_224],
    ['gpt2-medium-block', 354_823_168 - 23 * 12_596_224],
    ['gpt2-large-block', 774_030_080 - 35 * 19_677_440],
    // A 32nd of what is between table and head, and 256 words.
    ['llama-7b-block', (6_738_415_616 - 4096 - 2 * 32_000 * 4096) / 32 + 4096 + 2 * 256 * 4096],
    ['vit_7_4_32', 3_716_902 - 28],
    ['vit_7_4_32-linformer', 3_716_902 - 28 + 7 * 19 * 65],
    ['vit_7_4_32-100', 3_740_032 - 28],
    ['vit_9_12_64', 2_766_068 - 108],
  ])('%s has %d parameters', async (id, parameters) => {
    const weights = await randomWeights(shapeModel(id).config, 'count');
    const count = [...weights.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0);
    expect(count).toBe(parameters);
  });

  it('have no accuracy to show', () => {
    for (const model of shapeModels) expect(Object.keys(model)).not.toContain('accuracy');
  });

  it('are refused by an unknown name', () => {
    expect(() => shapeModel('gpt-5')).toThrow(/no shape model "gpt-5"; known: bert-base/);
  });
});

describe('random weights', () => {
  it('repeat with the seed, and differ with it and with the name', async () => {
    const [one, same, other] = await Promise.all(
      ['a', 'a', 'b'].map((seed) => randomWeights(small, seed)),
    );
    const name = 'bert.encoder.layer.0.output.dense.weight';
    expect([...one!.get(name)!.data]).toEqual([...same!.get(name)!.data]);
    expect([...one!.get(name)!.data]).not.toEqual([...other!.get(name)!.data]);
    const second = one!.get('bert.encoder.layer.0.intermediate.dense.weight')!.data;
    expect([...second]).not.toEqual([...one!.get(name)!.data]);
  });

  it('have mean 0 and deviation 0.02; norms pass through', async () => {
    const weights = await randomWeights(shapeModel('bert-base').config, 'moments');
    const { data } = weights.get('bert.encoder.layer.3.intermediate.dense.weight')!;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const variance = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
    // 2.4 million values: three standard errors of the mean are 4e-5, of the deviation 1e-5.
    expect(Math.abs(mean)).toBeLessThan(4e-5);
    expect(Math.abs(Math.sqrt(variance) - 0.02)).toBeLessThan(2e-5);
    const norm = 'bert.encoder.layer.3.output.LayerNorm';
    expect(new Set(weights.get(`${norm}.weight`)!.data)).toEqual(new Set([1]));
    expect(new Set(weights.get(`${norm}.bias`)!.data)).toEqual(new Set([0]));
  });

  it('come from a generator that fills [0, 1) evenly', () => {
    const next = uniform('even');
    const counts = Array<number>(16).fill(0);
    for (let draw = 0; draw < 64_000; draw += 1) counts[Math.floor(next() * 16)]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 4000) ** 2 / 4000, 0);
    // 15 degrees of freedom: 37.7 is exceeded once in a thousand seeds, and this one is fixed.
    expect(chiSquare).toBeLessThan(37.7);
  });
});

describe('random inputs', () => {
  it('are made sample by sample, so that batches of any size agree', () => {
    const four = randomBatch(small, 6, 0, 4, 'inputs');
    const last = randomBatch(small, 6, 3, 1, 'inputs');
    if (!('ids' in four) || !('ids' in last)) throw new Error('texts');
    expect(four.ids.slice(18)).toEqual(last.ids);
    expect(Math.max(...four.ids)).toBeLessThan(11);
    expect([...four.mask]).toEqual(Array(24).fill(1));
  });

  it.each(shapeModels.filter((model) => inputKindOf(model) === 'image'))(
    'of $id run in the clear',
    async ({ config }) => {
      if (config.architecture !== 'vit-lite') throw new Error('an image model');
      const plan = {
        variant: 'clear',
        ring: { bits: 64, fractionBits: 18 },
        model: { ...config, layers: 1, attention: config.attention.slice(0, 1) },
        approximations: { gelu: 'puma', softmax: 'puma' },
        length: imagePositions(config),
      } as const;
      const [logits] = await executeClear({
        plan,
        kernels: loadKernels(),
        weights: await randomWeights(plan.model, 'run'),
        batches: [randomBatch(plan.model, plan.length, 0, 1, 'run')],
      });
      expect(logits).toHaveLength(config.labels);
      expect(Math.max(...logits!.map(Math.abs))).toBeLessThan(10);
      expect(Math.max(...logits!.map(Math.abs))).toBeGreaterThan(0.01);
    },
  );
});

/** Specs of models of which only the shape is true: what fits together, what is refused, by field. */
import { describe, expect, test } from 'vitest';
import {
  geluIds,
  randomDatasetId,
  runSpecSchema,
  softmaxIds,
  variantIds,
  type RunSpec,
} from '../../server/api/schemas/run-spec.ts';
import {
  privacyWarnings,
  randomWeightsNote,
  uniformWeightsNote,
  warningsOf,
  warningTexts,
  weightsNote,
} from '../../server/api/schemas/warnings.ts';
import { approximationName } from '../../server/api/schemas/spec-names.ts';
import { lengthRange } from '../../server/engine/models/registry.ts';
import { readCatalog } from '../../server/runs/catalog.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { memoryNeedOf } from '../../server/runs/memory-need.ts';
import { listPresets } from '../../server/runs/presets.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { randomInputs } from '../../server/zoo/random-inputs.ts';
import { shapeModel, shapeModelNote, shapeModels } from '../../server/zoo/shape-models.ts';
import { smallShapeSpec, smallSpec } from '../support/specs.ts';

/** More than any of the models needs. */
const plenty = 1e12;
const bertSpec: RunSpec = { ...smallShapeSpec, model: 'bert-base', sequenceLength: 32 };
const llamaSpec: RunSpec = { ...smallShapeSpec, model: 'llama-7b', sequenceLength: 8 };

describe('accepted', () => {
  test.each(shapeModels.map(({ id }) => [id] as const))('%s on every variant', async (id) => {
    const [least] = lengthRange(shapeModel(id).config);
    for (const variant of variantIds) {
      const spec: RunSpec = {
        ...smallShapeSpec,
        model: id,
        sequenceLength: Math.max(least, 8),
        protocol: { variant, ring: { bits: 64, fractionBits: 16 } },
      };
      expect((await checkSpec(spec, plenty)).issues, variant).toEqual([]);
    }
  });

  test('every function that a trained model may use', async () => {
    for (const gelu of geluIds) {
      const spec: RunSpec = { ...smallShapeSpec, approximations: { gelu, softmax: 'puma' } };
      expect((await checkSpec(spec, plenty)).issues, gelu).toEqual([]);
    }
    for (const softmax of softmaxIds) {
      const spec: RunSpec = { ...smallShapeSpec, approximations: { gelu: 'puma', softmax } };
      expect((await checkSpec(spec, plenty)).issues, softmax).toEqual([]);
    }
  });

  test('a SiLU for LLaMA; the one that is meant anyway does not change the hash', async () => {
    const { approximations } = llamaSpec;
    const named: RunSpec = { ...llamaSpec, approximations: { ...approximations, silu: 'puma' } };
    expect((await checkSpec(named, plenty)).issues).toEqual([]);
    expect(hashSpec(named)).toEqual(hashSpec(llamaSpec));
  });
});

const { dataset, approximations } = smallShapeSpec;
const refusals: readonly [string, unknown, string, RegExp][] = [
  [
    'reviews for random weights',
    { ...bertSpec, dataset: { id: 'imdb-heldout', samples: 1 } },
    'dataset.id',
    /bert-base has random weights.*Use random/,
  ],
  [
    'random inputs for trained weights',
    { ...smallSpec, dataset: { id: 'random', samples: 1 } },
    'dataset.id',
    /random inputs are for models with random weights.*imdb-heldout/,
  ],
  ['a text that is too long', { ...bertSpec, sequenceLength: 513 }, 'sequenceLength', /1 to 512/],
  [
    'RoBERTa without room for its offset',
    { ...bertSpec, model: 'roberta-base', sequenceLength: 513 },
    'sequenceLength',
    /at most 512/,
  ],
  [
    'an image of another size',
    { ...smallShapeSpec, sequenceLength: 64 },
    'sequenceLength',
    /every image of vit_7_4_32 is 65 tokens: 64 patches and the class token\. Use 65/,
  ],
  [
    'a SiLU where there is none',
    { ...bertSpec, approximations: { ...approximations, silu: 'puma' } },
    'approximations.silu',
    /bert-base has no SiLU/,
  ],
  [
    'more inputs than there are',
    { ...bertSpec, dataset: { ...dataset, samples: 501 } },
    'dataset.samples',
    /at most 500/,
  ],
  ['an unknown model', { ...bertSpec, model: 'bert-huge' }, 'model', /minilm.*bert-base.*vit_7/],
];

describe('refused', () => {
  test.each(refusals)('%s', async (_, spec, field, message) => {
    const { issues } = await checkSpec(spec, plenty);
    const issue = issues.find((candidate) => candidate.field === field);
    expect(issue?.message, JSON.stringify(issues)).toMatch(message);
  });

  test('what does not fit into the memory, with the numbers and the way out', async () => {
    const { config } = shapeModel('bert-base');
    const need = await memoryNeedOf(bertSpec, config, 1);
    const { partyBytes, ownerBytes, dealerBytes, totalBytes } = need;
    expect(dealerBytes).toBe(0);
    expect(totalBytes / (3 * partyBytes + ownerBytes)).toBeCloseTo(1, 6);
    expect((await checkSpec(bertSpec, totalBytes)).issues).toEqual([]);
    const { issues } = await checkSpec(bertSpec, totalBytes - 1);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.field).toBe('model');
    expect(issues[0]?.message).toMatch(
      /need about [\d.]+.GB of memory \([\d.]+.GB each party, [\d.]+.GB the owner\), this machine has [\d.]+.GB\. Use a smaller model or a shorter length, or additive\/crypten or additive\/semi2k\./,
    );
    // Two parties hold one component each; the dealer holds no weights.
    const additive = (variant: 'additive/semi2k' | 'additive/fast') =>
      memoryNeedOf({ ...bertSpec, protocol: { ...bertSpec.protocol, variant } }, config, 1);
    const semi2k = await additive('additive/semi2k');
    expect(semi2k.totalBytes).toBeLessThan(0.6 * totalBytes);
    expect(semi2k.dealerBytes).toBeGreaterThan(1e8);
    // Weights masked once for the session are held with opening and mask: 8 bytes each, a part of it on top.
    const fast = await additive('additive/fast');
    const weightBytes = 8 * 108_311_810;
    expect(fast.partyBytes - semi2k.partyBytes).toBeGreaterThan(2 * weightBytes);
    expect(fast.dealerBytes - semi2k.dealerBytes).toBeGreaterThan(weightBytes);
  });

  test('LLaMA on a machine of 64 GB', async () => {
    expect((await checkSpec(llamaSpec, 64e9)).issues[0]?.message).toMatch(/46\d.GB/);
    expect((await checkSpec(llamaSpec, plenty)).issues).toEqual([]);
  });
});

describe('GeLU at some tokens', () => {
  const layers = (geluTokens: number[], gelu: 'puma' | 'removed' = 'puma') =>
    Array.from({ length: 7 }, () => ({ gelu, softmax: 'puma' as const, geluTokens }));
  const specOf = (list: ReturnType<typeof layers>): RunSpec => ({
    ...smallShapeSpec,
    approximations: { gelu: 'puma', softmax: 'puma', layers: list },
  });

  test('is accepted of images, under a hash and a name of its own', async () => {
    const spec = specOf(layers([0, 1, 5]));
    expect((await checkSpec(spec, plenty)).issues).toEqual([]);
    expect(hashSpec(spec).hash).not.toBe(hashSpec(smallShapeSpec).hash);
    expect(approximationName(spec.approximations)).toBe('PUMA (GELU at 3 tokens) in layers 1-7');
  });

  test.each([
    [layers([0, 65]), 'has the tokens 0 to 64'],
    [layers([3, 2]), 'ascending'],
    [layers(Array.from({ length: 65 }, (_, at) => at)), 'a list of all of them says nothing'],
    [layers([0], 'removed'), 'removed at every token'],
  ])('is refused where it means nothing', async (list, message) => {
    const { issues } = await checkSpec(specOf(list), plenty);
    expect(issues[0]?.field).toBe('approximations.layers.0.geluTokens');
    expect(issues[0]?.message).toContain(message);
  });

  test('is refused of texts, whose positions are words', async () => {
    const list = Array.from({ length: 12 }, () => ({
      gelu: 'puma' as const,
      softmax: 'puma' as const,
      geluTokens: [0],
    }));
    const spec = { ...bertSpec, approximations: { ...bertSpec.approximations, layers: list } };
    const { issues } = await checkSpec(spec, plenty);
    expect(issues[0]?.message).toContain('positions of bert-base are words');
  });
});

describe('uniform weights', () => {
  const uniform: RunSpec = {
    ...llamaSpec,
    protocol: { ...llamaSpec.protocol, weights: 'uniform' },
  };

  test('let LLaMA run in the memory of a small machine, under a hash of its own', async () => {
    expect((await checkSpec(uniform, 8e9)).issues).toEqual([]);
    expect(hashSpec(uniform).hash).not.toBe(hashSpec(llamaSpec).hash);
    expect((await checkSpec(llamaSpec, 64e9)).issues[0]?.message).toMatch(/weights "uniform"/);
    const need = await memoryNeedOf(uniform, shapeModel('llama-7b').config, 1);
    expect(need.totalBytes).toBeLessThan(4e9);
  });

  test('are named by what goes with every number, and give nothing away', () => {
    expect(warningsOf(uniform)).toEqual(['uniformWeights']);
    expect(privacyWarnings(warningsOf(uniform))).toEqual([]);
    expect(weightsNote(uniform)).toBe(uniformWeightsNote);
    expect(warningTexts.uniformWeights.toLowerCase()).toContain(uniformWeightsNote);
    expect(weightsNote(llamaSpec)).toBe(randomWeightsNote);
    expect(weightsNote(smallSpec)).toBeNull();
  });

  test.each([
    [
      'another architecture',
      { ...bertSpec, protocol: uniform.protocol },
      /weights of bert-base are shared by their owner\. Remove it, or use llama-7b/,
    ],
    [
      'a trained model',
      { ...smallSpec, protocol: uniform.protocol },
      /weights of minilm-2l-imdb are shared by their owner/,
    ],
    [
      'two parties',
      { ...uniform, protocol: { ...uniform.protocol, variant: 'additive/fast' } },
      /additive\/fast cannot draw the shares.*replicated\/aby3 or replicated\/fast/,
    ],
    ['another word', { ...uniform, protocol: { ...uniform.protocol, weights: 'none' } }, /uniform/],
  ] as readonly [string, unknown, RegExp][])('are refused with %s', async (_, spec, message) => {
    const { issues } = await checkSpec(spec, plenty);
    const issue = issues.find(({ field }) => field === 'protocol.weights');
    expect(issue?.message, JSON.stringify(issues)).toMatch(message);
  });
});

describe('marked', () => {
  test('by the warning that goes with every number, from the spec alone', () => {
    expect(randomInputs.id).toBe(randomDatasetId);
    expect(randomWeightsNote).toBe(shapeModelNote);
    expect(warningsOf(smallShapeSpec)).toEqual(['randomWeights']);
    expect(warningsOf(smallSpec)).toEqual([]);
    expect(warningTexts.randomWeights.toLowerCase()).toContain(randomWeightsNote);
  });

  test('in the catalog, where they have neither labels nor a reported accuracy', async () => {
    const { models, datasets } = await readCatalog();
    const random = models.filter(({ randomWeights }) => randomWeights);
    expect(random.map(({ id }) => id)).toEqual(shapeModels.map(({ id }) => id));
    for (const model of random) {
      expect(model.description.toLowerCase()).toContain(randomWeightsNote);
      expect(model).toMatchObject({ labels: [], datasets: ['random'], reportedAccuracy: null });
    }
    expect(random.find(({ id }) => id === 'vit_9_12_64')).toMatchObject({
      kind: 'image',
      minLength: 257,
      maxLength: 257,
    });
    const trained = models.filter(({ randomWeights }) => !randomWeights);
    for (const model of trained) expect(model.datasets).not.toContain('random');
    expect(datasets.at(-1)).toMatchObject({ id: 'random', kind: 'any' });
  });

  test('in the presets that are run with them, which come last', async () => {
    const presets = await listPresets();
    const random = presets.filter(({ spec }) => spec.dataset.id === 'random');
    expect(random.map(({ id }) => id)).toEqual([
      'bert-base-128-aby3-puma',
      'bert-base-128-fast2pc-puma',
      'bert-base-128-fast2pc-wan',
      'bert-base-128-fast3pc-puma',
      'bert-base-128-fast3pc-wan',
      'bert-base-32-aby3-lan',
      'bert-base-32-fast2pc-lan',
      'bert-large-128-fast2pc-puma',
      'bert-large-128-fast3pc-puma',
      'exact-bert-base-128-puma',
      'exact-bert-base-512-puma',
      'exact-no-argmax-bert-base-128-puma',
      'exact-no-argmax-bert-base-512-puma',
      'gpt2-32-fast3pc-puma',
      'gpt2-8-aby3-lan',
      'llama-7b-8-aby3-puma',
      'llama-7b-8-fast3pc-puma',
      'llama-7b-block-fast3pc-puma',
      'quad2quad-bert-base-128-puma',
      'quad2quad-bert-base-512-puma',
      'vit-cifar-fast2pc-wan',
      'vit-cifar-semi2k-wan',
    ]);
    expect(presets.slice(-random.length)).toEqual(random);
    for (const { description, spec } of random) {
      expect(description.toLowerCase()).toContain(weightsNote(spec));
      expect(runSpecSchema.safeParse(spec).success).toBe(true);
    }
  });
});

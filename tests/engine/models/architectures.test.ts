/**
 * Every architecture with exact functions in `clear` against the same network in plain float loops
 * (reference.ts). What is left is fixed point with 18 fraction bits: its polynomials for square root,
 * reciprocal and tanh, within 0.01 on logits of size one.
 */
import { describe, expect, test } from 'vitest';
import { executeClear } from '../../../server/engine/execute.ts';
import type { ModelConfig } from '../../../server/engine/models/config.ts';
import type { Batch, OutputId, Plan, Weights } from '../../../server/engine/plan.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import {
  bertReference,
  gpt2Reference,
  llamaReference,
  robertaReference,
  vitLiteReference,
  vitReference,
} from './reference.ts';
import {
  batchFor,
  bert,
  gpt2,
  lengthOf,
  llama,
  roberta,
  seededWeights,
  vit,
  vitLite,
} from './small-models.ts';

const kernels = loadKernels();
const tolerance = 0.01;

function planOf(model: ModelConfig, output: OutputId = 'logits'): Plan {
  return {
    variant: 'clear',
    ring: { bits: 64, fractionBits: 18 },
    model,
    approximations: { gelu: 'exact-float', softmax: 'exact-float', silu: 'exact-float' },
    length: lengthOf(model),
    output,
  };
}

/** Row `sample` of what a batch holds. */
function sampleOf(batch: Batch, sample: number) {
  const row = (values: ArrayLike<number>) => {
    const width = values.length / batch.size;
    return Array.from(values).slice(sample * width, (sample + 1) * width);
  };
  return 'pixels' in batch
    ? { pixels: row(batch.pixels), ids: [], mask: [] }
    : { pixels: [], ids: row(batch.ids), mask: row(batch.mask) };
}

function reference(model: ModelConfig, weights: Weights, batch: Batch, sample: number): number[] {
  const { ids, mask, pixels } = sampleOf(batch, sample);
  switch (model.architecture) {
    case 'bert':
      return bertReference(model, weights, ids, mask);
    case 'roberta':
      return robertaReference(model, weights, ids, mask);
    case 'gpt2':
      return gpt2Reference(model, weights, ids).at(-1)!;
    case 'llama':
      return llamaReference(model, weights, ids).at(-1)!;
    case 'vit':
      return vitReference(model, weights, pixels);
    case 'vit-lite':
      return vitLiteReference(model, weights, pixels);
    case 'mpcformer-benchmark':
      throw new Error('only timed, never right');
  }
}

const models: readonly (readonly [string, ModelConfig])[] = [
  ['BERT', bert],
  ['BERT with mean pooling', { ...bert, pooling: 'mean' }],
  ['RoBERTa', roberta],
  ['GPT-2', gpt2],
  ['LLaMA', llama],
  ['ViT', vit],
  ['ViT-Lite', vitLite],
  ['ViT-Lite dividing every score', { ...vitLite, quotient: 'perScore' }],
];

describe('in the clear with exact functions, against plain float loops', () => {
  test.each(models)('%s', async (_, model) => {
    const plan = planOf(model);
    const weights = await seededWeights(plan);
    const batches = [batchFor(model, 3, 'first'), batchFor(model, 1, 'second')];
    const results = await executeClear({ plan, kernels, weights, batches });
    let largest = 0;
    batches.forEach((batch, inference) => {
      const logits = [...results[inference]!];
      const width = logits.length / batch.size;
      for (let sample = 0; sample < batch.size; sample++) {
        const own = logits.slice(sample * width, (sample + 1) * width);
        const expected = reference(model, weights, batch, sample);
        expect(own).toHaveLength(expected.length);
        own.forEach((value, index) => {
          largest = Math.max(largest, Math.abs(expected[index]!));
          expect(Math.abs(value - expected[index]!)).toBeLessThan(tolerance);
        });
      }
    });
    // Else the comparison would hold for a network that gives zeros.
    expect(largest).toBeGreaterThan(20 * tolerance);
  });
});

describe('the index of the largest logit', () => {
  test.each([
    ['GPT-2', gpt2],
    ['LLaMA', llama],
  ] as const)('%s', async (_, model) => {
    const plan = planOf(model, 'argmax');
    const weights = await seededWeights(plan);
    const batch = batchFor(model, 4, 'argmax');
    const [indices] = await executeClear({ plan, kernels, weights, batches: [batch] });
    const expected = [0, 1, 2, 3].map((sample) => {
      const logits = reference(model, weights, batch, sample);
      return logits.indexOf(Math.max(...logits));
    });
    expect([...indices!]).toEqual(expected);
  });

  test('as PUMA looks for it', async () => {
    for (const model of [gpt2, llama]) {
      const plan = planOf(model, 'argmax-as-puma');
      const weights = await seededWeights(plan);
      const batch = batchFor(model, 1, 'puma');
      const [index] = await executeClear({ plan, kernels, weights, batches: [batch] });
      const { ids } = sampleOf(batch, 0);
      const logits =
        model.architecture === 'gpt2'
          ? gpt2Reference(model, weights, ids).slice(0, -1).flat()
          : llamaReference(model, weights, ids).at(-1)!;
      expect([...index!]).toEqual([logits.indexOf(Math.max(...logits))]);
    }
  });
});

describe('what does not fit is refused by name', () => {
  const run = async (plan: Plan, batch: Batch) => {
    const weights = await seededWeights(planOf(plan.model));
    return executeClear({ plan, kernels, weights, batches: [batch] });
  };

  test.each([
    ['a text for images', vit, batchFor(bert, 1, 'x'), 'texts given, vit reads images'],
    ['an image for texts', bert, batchFor(vit, 1, 'x'), 'images given, bert reads texts'],
    ['padding in a decoder', gpt2, batchFor(bert, 1, 'x'), 'gpt2 has no padding'],
    [
      'too few pixels',
      vitLite,
      { size: 2, pixels: new Float32Array(48) },
      '48 pixels for 2 images of 48 each',
    ],
  ] as const)('%s', async (_, model, batch, message) => {
    await expect(run(planOf(model), batch)).rejects.toThrow(message);
  });

  test.each([
    ['a length that is no image', { ...planOf(vit), length: 4 }, 'length is 4, vit here takes 5'],
    ['a text too long', { ...planOf(roberta), length: 8 }, 'roberta here takes 1 to 7'],
    ['an index of labels', planOf(bert, 'argmax'), 'only a language model reveals an index'],
  ] as const)('%s', async (_, plan, message) => {
    await expect(run(plan, batchFor(plan.model, 1, 'x'))).rejects.toThrow(message);
  });
});

/**
 * Predicted memory: what follows from shapes is exact or monotone; how near the whole comes to a
 * process is measured by benchmarks/memory/run.ts, since a garbage collector has a say in it.
 */
import { describe, expect, test } from 'vitest';
import { predictMemory } from '../../../server/engine/execute.ts';
import type { Plan, VariantId } from '../../../server/engine/plan.ts';
import { randomWeights } from '../../../server/zoo/random-weights.ts';
import { elementCount } from '../../../server/engine/ring/tensor.ts';
import { shapeModel } from '../../../server/zoo/shape-models.ts';

const planOf = (variant: VariantId, id: string, length: number): Plan => ({
  variant,
  ring: { bits: 64, fractionBits: 18 },
  model: shapeModel(id).config,
  approximations: { gelu: 'puma', softmax: 'puma' },
  length,
});

describe('weights', () => {
  test.each([
    ['replicated/aby3', 16],
    ['additive/semi2k', 8],
  ] as const)('%s holds %d bytes for each', async (variant, bytes) => {
    const plan = planOf(variant, 'bert-base', 16);
    const weights = await randomWeights(plan.model, 'memory');
    const count = [...weights.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0);
    expect((await predictMemory(plan, 1)).weightBytes).toBe(count * bytes);
  });

  test("GPT-2's table is held in both of its layouts", async () => {
    const { weightBytes } = await predictMemory(planOf('additive/semi2k', 'gpt2', 4), 1);
    expect(weightBytes).toBe(8 * (124_439_808 + 50_257 * 768));
  });
});

describe('uniform weights', () => {
  test.each(['replicated/aby3', 'replicated/fast'] as const)(
    '%s keeps the vectors of LLaMA alone, and nothing of a matrix beside a product',
    async (variant) => {
      const plan: Plan = { ...planOf(variant, 'llama-7b', 8), weights: 'uniform' };
      const { weightBytes, workingBytes, peakBytes } = await predictMemory(plan, 1);
      expect(weightBytes).toBe((2 * 32 + 1) * 4096 * 16);
      expect(workingBytes).toBeLessThan(3e8);
      expect(peakBytes).toBeLessThan(1e9);
    },
  );
});

describe('the working set', () => {
  test('is the embedding where the vocabulary is large, and stops growing with its tiles', async () => {
    const at = async (length: number) =>
      predictMemory(planOf('replicated/aby3', 'bert-base', length), 1);
    const [short, long, longer] = [await at(32), await at(128), await at(256)];
    expect(long.largest).toEqual({ path: 'embedding.words', op: 'isZero' });
    expect(long.workingBytes).toBeGreaterThan(short.workingBytes);
    expect(longer.workingBytes).toBe(long.workingBytes);
  });

  test('grows with the batch, and is part of the peak', async () => {
    const plan = planOf('replicated/aby3', 'vit_7_4_32', 65);
    const [one, four] = [await predictMemory(plan, 1), await predictMemory(plan, 4)];
    expect(four.workingBytes).toBe(4 * one.workingBytes);
    expect(four.peakBytes - one.peakBytes).toBeGreaterThan(3 * one.workingBytes);
    expect(one.peakBytes).toBeGreaterThan(one.weightBytes + one.workingBytes);
  });

  test('of LLaMA tells that no machine here holds it', async () => {
    const { peakBytes } = await predictMemory(planOf('replicated/aby3', 'llama-7b', 8), 1);
    expect(peakBytes).toBeGreaterThan(100e9);
  });
});

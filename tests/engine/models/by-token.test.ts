/** GeLU at some tokens, and keys and values projected along the sequence, held to what they are made of. */
import { describe, expect, test } from 'vitest';
import { executeClear, predictCost } from '../../../server/engine/execute.ts';
import { modelOf } from '../../../server/engine/models/registry.ts';
import type { ModelConfig } from '../../../server/engine/models/config.ts';
import type { LayerFunctions, Plan, TextBatch, Weights } from '../../../server/engine/plan.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { batchFor, bert, lengthOf, seededWeights, texts, vit } from './small-models.ts';

const kernels = loadKernels();
const usual = { gelu: 'puma', softmax: 'puma' } as const;

const planFor = (model: ModelConfig, layers?: readonly LayerFunctions[]): Plan => ({
  variant: 'clear',
  ring: { bits: 64, fractionBits: 18 },
  model,
  approximations: { ...usual, ...(layers === undefined ? {} : { layers }) },
  length: lengthOf(model),
});

const logitsOf = async (
  plan: Plan,
  weights: Weights,
  batch: ReturnType<typeof batchFor>,
): Promise<readonly number[]> => {
  const [logits] = await executeClear({ plan, kernels, weights, batches: [batch] });
  return [...(logits ?? [])];
};

const expectNear = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(Math.abs(value - (wanted[at] ?? NaN))).toBeLessThan(2e-3));
};

describe('GeLU at some tokens', () => {
  const one = { ...vit, layers: 1 };
  const keeping = (geluTokens?: readonly number[]): LayerFunctions[] => [
    { ...usual, ...(geluTokens === undefined ? {} : { geluTokens }) },
  ];

  test('each token goes its own way: only the class token is read after the last block', async () => {
    const weights = await seededWeights(planFor(one));
    const batch = batchFor(one, 2, 'by token');
    const all = await logitsOf(planFor(one), weights, batch);
    const none = await logitsOf(planFor(one, [{ ...usual, gelu: 'removed' }]), weights, batch);
    expect(Math.max(...all.map((value, at) => Math.abs(value - (none[at] ?? 0))))).toBeGreaterThan(
      0.05,
    );
    expectNear(await logitsOf(planFor(one, keeping([0])), weights, batch), all);
    expectNear(await logitsOf(planFor(one, keeping([0, 2, 3])), weights, batch), all);
    expectNear(await logitsOf(planFor(one, keeping([1, 2, 3, 4])), weights, batch), none);
  });

  test('costs less the fewer tokens keep it', async () => {
    const bytes = async (geluTokens?: readonly number[]): Promise<number> => {
      const plan: Plan = { ...planFor(one, keeping(geluTokens)), variant: 'replicated/aby3' };
      const { onlineBytesSent } = await predictCost(plan, 1);
      return onlineBytesSent.reduce((sum, value) => sum + value, 0);
    };
    const [few, more, all] = [await bytes([0]), await bytes([0, 1, 2]), await bytes()];
    expect(few).toBeLessThan(more);
    expect(more).toBeLessThan(all);
  });

  test.each([
    [vit, [2, 1], 'ascending'],
    [vit, [0, 5], 'from 0 to 4'],
    [vit, [], 'list 1 to 4'],
    [vit, [0, 1, 2, 3, 4], 'list 1 to 4'],
    [bert, [0], 'positions of bert are words'],
  ] as const)('lists that mean nothing are refused by name', (model, geluTokens, message) => {
    const layers = Array.from({ length: 2 }, () => ({ ...usual, geluTokens }));
    expect(() => modelOf(planFor(model, layers))).toThrow(message);
  });
});

describe('BERT with keys and values projected', () => {
  const projected = lengthOf(bert);
  const model = { ...bert, projected };

  /** Projections that leave every row where it is. */
  const inPlace = (weights: Weights): Weights =>
    new Map(
      [...weights].map(([name, tensor]) => {
        if (!name.endsWith('linformer.weight')) return [name, tensor];
        const data = tensor.data.map((_, at) => (at % (projected + 1) === 0 ? 1 : 0));
        return [name, { ...tensor, data }];
      }),
    );

  test('is BERT where the projection moves nothing and nothing is padding', async () => {
    const weights = inPlace(await seededWeights(planFor(model)));
    const batch = texts(2, 'full', false);
    expectNear(
      await logitsOf(planFor(model), weights, batch),
      await logitsOf(planFor(bert), weights, batch),
    );
  });

  test('what stands at padding changes nothing', async () => {
    const short = { ...bert, projected: 2 };
    const weights = await seededWeights(planFor(short));
    const batch = texts(1, 'padded', true);
    const other: TextBatch = {
      ...batch,
      ids: batch.ids.map((id, at) => (batch.mask[at] === 1 ? id : (id + 3) % 11)),
    };
    expect([...other.ids]).not.toEqual([...batch.ids]);
    expectNear(
      await logitsOf(planFor(short), weights, other),
      await logitsOf(planFor(short), weights, batch),
    );
  });
});

/**
 * LLaMA with uniform weights as owner and parties run it: nothing is sent for the weights, what is sent
 * online is what was predicted, to the byte, and no more of a weight than a tile is ever there.
 */
import { expect, test } from 'vitest';
import type { PartyId } from '../../../server/engine/channel.ts';
import { executeOwner, executeParty, predictCost } from '../../../server/engine/execute.ts';
import type { ModelConfig } from '../../../server/engine/models/config.ts';
import type { Plan } from '../../../server/engine/plan.ts';
import type { Kernels } from '../../../server/engine/ring/kernels.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { memoryChannels } from '../../../server/network/memory-channel.ts';
import { batchFor, bert, lengthOf, llama } from './small-models.ts';

const parties = [0, 1, 2] as const;

async function run(plan: Plan, sizes: readonly number[], kernels: Kernels = loadKernels()) {
  const channels = memoryChannels([...parties, 'owner'], { receiveTimeoutMs: 20_000 });
  const common = (at: number) => ({
    plan,
    channel: channels[at]!,
    kernels,
    insecureSeed: 'uniform',
  });
  const batches = sizes.map((size) => batchFor(plan.model, size, 'uniform'));
  try {
    const [owner, traces] = await Promise.all([
      executeOwner({ ...common(3), weights: new Map(), batches }),
      Promise.all(
        parties.map((party: PartyId) =>
          executeParty({ ...common(party), party, batchSizes: sizes }),
        ),
      ),
    ]);
    return { owner, traces };
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
}

const planOf = (variant: 'replicated/aby3' | 'replicated/fast', model: ModelConfig): Plan => ({
  variant,
  weights: 'uniform',
  ring: { bits: 64, fractionBits: 18 },
  model,
  approximations: { gelu: 'puma', softmax: 'puma', silu: 'puma' },
  length: lengthOf(model),
});

for (const variant of ['replicated/aby3', 'replicated/fast'] as const) {
  test.each([
    ['LLaMA', llama],
    ['LLaMA, grouped queries', { ...llama, heads: 4, keyValueHeads: 2 }],
  ] as const)(
    `${variant}: %s costs what is declared, and nothing for its weights`,
    async (_, model) => {
      const plan = planOf(variant, model);
      const sizes = [2, 1, 1];
      const { owner, traces } = await run(plan, sizes);
      expect(owner.setupBytes).toBe(0);
      for (const [inference, size] of sizes.entries()) {
        expect(owner.logits[inference]).toHaveLength(size * llama.vocabularySize);
        const predicted = await predictCost(plan, size);
        expect(predicted.setup.bytesSent).toEqual([0, 0, 0]);
        const own = traces.map((trace) => trace[inference + 1]!);
        expect(own.map(({ bytesSent }) => bytesSent.online)).toEqual(predicted.onlineBytesSent);
        expect(Math.max(...own.map(({ rounds }) => rounds.online))).toBe(predicted.rounds);
      }
      for (const [setup] of traces) expect(setup?.bytesSent.setup).toBe(0);
    },
  );
}

test('a model that adds a matrix of weights is refused in words', async () => {
  await expect(run(planOf('replicated/fast', bert), [1])).rejects.toThrow(
    /uniform weight of .* can only be the right factor of a matrix product/,
  );
});

test('no party ever draws more of a weight than a tile, nor holds more over inferences', async () => {
  const kernels = loadKernels();
  let largestDraw = 0;
  const watched: Kernels = Object.assign(Object.create(kernels) as Kernels, {
    aesCtr: (key: Uint8Array, counter: Uint8Array, out: Uint8Array) => {
      largestDraw = Math.max(largestDraw, out.length);
      kernels.aesCtr(key, counter, out);
    },
  });
  // 4 million elements in the widest weight, 32 MiB for each component.
  const wide: ModelConfig = { ...llama, layers: 1, hidden: 1024, heads: 8, ffn: 2048 };
  const { traces } = await run(planOf('replicated/fast', wide), [1, 1, 1], watched);
  expect(largestDraw).toBeGreaterThan(0);
  expect(largestDraw).toBeLessThan(2 ** 21);
  const peaks = traces.map((trace) => trace.map(({ peakRssBytes }) => peakRssBytes));
  for (const [, first = 0, , last = 0] of peaks) expect(last - first).toBeLessThan(64e6);
});

/**
 * Inferences of one session whose lengths differ and are public: each equals the clear run of its own texts,
 * sends what is predicted for its length, and less the shorter it is.
 */
import { describe, expect, test } from 'vitest';
import type { PartyId, Peer } from '../../../server/engine/channel.ts';
import {
  correlationsOf,
  executeClear,
  executeDealer,
  executeOwner,
  executeParty,
  executeTwin,
  partiesOf,
  predictCost,
} from '../../../server/engine/execute.ts';
import { lengthsOf } from '../../../server/engine/models/lengths.ts';
import type { ModelConfig } from '../../../server/engine/models/config.ts';
import type { Plan, TextBatch } from '../../../server/engine/plan.ts';
import { variantDescriptions } from '../../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { memoryChannels } from '../../../server/network/memory-channel.ts';
import { batchFor, bert, lengthOf, llama, roberta, seededWeights, vit } from './small-models.ts';

const kernels = loadKernels();

const planFor = (model: ModelConfig, variant: Plan['variant']): Plan => ({
  variant,
  ring: { bits: 64, fractionBits: 18 },
  model,
  approximations: { gelu: 'puma', softmax: 'puma' },
  length: lengthOf(model),
});

/** The first positions of every text, of which the last may be padding. */
function cut(model: ModelConfig, size: number, label: string, length: number): TextBatch {
  const whole = batchFor(model, size, label);
  if (!('ids' in whole)) throw new Error('not a text');
  const from = whole.ids.length / size;
  const rows = Array.from({ length: size }, (_, row) => row * from);
  const pick = (values: ArrayLike<number>): number[] =>
    rows.flatMap((start) => Array.from(values).slice(start, start + length));
  const { ids, mask, types } = whole;
  return {
    size,
    ids: Int32Array.from(pick(ids)),
    mask: Uint8Array.from(pick(mask)),
    ...(types === undefined ? {} : { types: Uint8Array.from(pick(types)) }),
  };
}

const models = [
  { name: 'BERT', model: bert },
  { name: 'BERT, pairs of texts', model: { ...bert, segments: 2 as const } },
  { name: 'RoBERTa', model: roberta },
];

describe.each(variantDescriptions)('$id', ({ id: variant }) => {
  test.each(models)('$name', async ({ model }) => {
    const plan = planFor(model, variant);
    const lengths = [plan.length, 1, 3, plan.length];
    const batches = lengths.map((length, index) =>
      cut(model, index === 2 ? 2 : 1, `${index}`, length),
    );
    const weights = await seededWeights(plan);
    const parties = Array.from({ length: partiesOf(variant) }, (_, id) => id as PartyId);
    const dealt = correlationsOf(plan) === 'dealer';
    const peers: Peer[] = [...parties, 'owner', ...(dealt ? (['dealer'] as const) : [])];
    const channels = memoryChannels(peers, { receiveTimeoutMs: 20_000 });
    const common = (peer: Peer) => ({
      plan,
      channel: channels[peers.indexOf(peer)]!,
      kernels,
      lengths,
      insecureSeed: 'lengths',
    });
    const batchSizes = batches.map(({ size }) => size);
    const [owner, dealer, traces] = await Promise.all([
      executeOwner({ ...common('owner'), weights, batches }),
      dealt ? executeDealer({ ...common('dealer'), batchSizes }) : [],
      Promise.all(parties.map((party) => executeParty({ ...common(party), party, batchSizes }))),
    ]);
    await Promise.all(channels.map((channel) => channel.close()));

    const clear = await executeClear({ plan, kernels, weights, batches, lengths });
    const twin: number[][] = [];
    await executeTwin({
      plan,
      kernels,
      weights,
      batches,
      lengths,
      onLogits: (_, { fixed }) => void twin.push([...fixed]),
    });
    const sent: number[] = [];
    for (const [inference, length] of lengths.entries()) {
      const expected = clear[inference]!;
      expect(owner.logits[inference]).toHaveLength(expected.length);
      owner.logits[inference]!.forEach((value, index) => {
        expect(Math.abs(value - expected[index]!)).toBeLessThan(0.01);
      });
      expect(twin[inference]).toEqual([...expected]);
      const predicted = await predictCost({ ...plan, length }, batchSizes[inference]!);
      const own = traces.map((trace) => trace[inference + 1]!);
      expect(own.map(({ bytesSent }) => bytesSent.online)).toEqual(predicted.onlineBytesSent);
      expect(Math.max(...own.map(({ rounds }) => rounds.online))).toBe(predicted.rounds);
      expect(dealer[inference + 1]?.bytesSent.offline ?? 0).toBe(predicted.dealerBytes);
      sent.push(own.reduce((sum, { bytesSent }) => sum + bytesSent.online, 0));
    }
    expect(sent[1]).toBeLessThan(sent[0]! / 2);
    expect(sent[3]).toBe(sent[0]);
  });
});

test('a text without its padding gives what it gives with it', async () => {
  const plan = planFor(bert, 'clear');
  const weights = await seededWeights(plan);
  const short = cut(bert, 1, 'padded', 3);
  const whole = batchFor(bert, 1, 'padded');
  expect('mask' in whole && [...whole.mask].slice(3)).not.toContain(1);
  const [padded] = await executeClear({ plan, kernels, weights, batches: [whole] });
  const work = { plan, kernels, weights, batches: [short], lengths: [3] };
  const [cutShort] = await executeClear(work);
  cutShort!.forEach((value, index) => expect(Math.abs(value - padded![index]!)).toBeLessThan(2e-3));
});

test.each([
  [bert, [3, 2], 'one for each'],
  [bert, [0], 'whole numbers from 1'],
  [bert, [99], 'whole numbers from 1'],
  [vit, [5], 'leave them out'],
  [llama, [5], 'leave them out'],
] as const)('lengths that fit no session are refused by name', (model, lengths, message) => {
  expect(() => lengthsOf(planFor(model, 'clear'), 1, lengths)).toThrow(message);
});

/**
 * Every architecture as parties, owner and dealer run it, against the same plan in the clear: the
 * results agree up to rounding, and what was sent is what was predicted, to the byte.
 */
import { describe, expect, test } from 'vitest';
import type { PartyId, Peer } from '../../../server/engine/channel.ts';
import {
  correlationsOf,
  executeClear,
  executeDealer,
  executeOwner,
  executeParty,
  partiesOf,
  predictCost,
} from '../../../server/engine/execute.ts';
import type { ModelConfig } from '../../../server/engine/models/config.ts';
import type { Batch, OutputId, Plan } from '../../../server/engine/plan.ts';
import { variantDescriptions } from '../../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { memoryChannels } from '../../../server/network/memory-channel.ts';
import {
  batchFor,
  bert,
  gpt2,
  lengthOf,
  llama,
  mpcformerBenchmark,
  roberta,
  seededWeights,
  vit,
  vitLite,
} from './small-models.ts';

const kernels = loadKernels();

async function runSecure(plan: Plan, batches: readonly Batch[]) {
  // Two layers as one are made of the same tensors.
  const weights = await seededWeights({
    ...plan,
    approximations: { gelu: 'puma', softmax: 'puma' },
  });
  const parties = Array.from({ length: partiesOf(plan.variant) }, (_, id) => id as PartyId);
  const dealt = correlationsOf(plan) === 'dealer';
  const peers: Peer[] = [...parties, 'owner', ...(dealt ? (['dealer'] as const) : [])];
  const channels = memoryChannels(peers, { receiveTimeoutMs: 20_000 });
  const common = (peer: Peer) => ({
    plan,
    channel: channels[peers.indexOf(peer)]!,
    kernels,
    insecureSeed: 'models',
  });
  const batchSizes = batches.map(({ size }) => size);
  try {
    const [owner, dealer, traces] = await Promise.all([
      executeOwner({ ...common('owner'), weights, batches }),
      dealt ? executeDealer({ ...common('dealer'), batchSizes }) : [],
      Promise.all(parties.map((party) => executeParty({ ...common(party), party, batchSizes }))),
    ]);
    return { logits: owner.logits, dealer, traces, weights };
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
}

type Approximations = Plan['approximations'];

const theX: Approximations = { gelu: 'relu', softmax: 'the-x' };
const linearNorms: Approximations = { gelu: 'puma', softmax: 'puma', layerNorm: 'linear' };
const shaft: Approximations = { gelu: 'shaft', softmax: 'shaft' };
const removedOnce: Approximations = {
  gelu: 'puma',
  softmax: 'secformer',
  layers: [
    { gelu: 'removed', softmax: 'secformer' },
    { gelu: 'puma', softmax: '2quad' },
  ],
};

const someTokens: Approximations = {
  gelu: 'puma',
  softmax: 'puma',
  layers: [
    { gelu: 'puma', softmax: 'puma', geluTokens: [0, 3] },
    { gelu: 'quad', softmax: '2quad', geluTokens: [1] },
  ],
};

const models: readonly {
  name: string;
  model: ModelConfig;
  output?: OutputId;
  approximations?: Approximations;
}[] = [
  { name: 'BERT', model: bert },
  { name: 'BERT, pairs of texts', model: { ...bert, segments: 2 } },
  { name: 'RoBERTa', model: roberta },
  { name: 'GPT-2', model: gpt2 },
  { name: 'GPT-2, index', model: gpt2, output: 'argmax' },
  { name: 'GPT-2, index as PUMA', model: gpt2, output: 'argmax-as-puma' },
  { name: 'LLaMA', model: llama },
  { name: 'LLaMA, index as PUMA', model: llama, output: 'argmax-as-puma' },
  { name: 'LLaMA, grouped queries', model: { ...llama, heads: 4, keyValueHeads: 2 } },
  { name: 'ViT', model: vit },
  { name: 'DeiT, with its distillation token', model: { ...vit, distilled: true } },
  { name: 'ViT-Lite', model: vitLite },
  { name: "MPCFormer's benchmark", model: mpcformerBenchmark },
  { name: 'BERT as THE-X', model: bert, approximations: theX },
  { name: 'GPT-2 as THE-X', model: gpt2, approximations: theX },
  { name: 'BERT as SHAFT', model: bert, approximations: shaft },
  { name: 'GPT-2 as SHAFT', model: gpt2, approximations: shaft },
  { name: 'BERT as SecFormer, a GeLU removed', model: bert, approximations: removedOnce },
  { name: 'GPT-2 as SecFormer, a GeLU removed', model: gpt2, approximations: removedOnce },
  { name: 'ViT-Lite as Linformer', model: { ...vitLite, projected: 2 } },
  { name: 'ViT-Lite, linear norms', model: vitLite, approximations: linearNorms },
  { name: 'BERT, linear norms', model: bert, approximations: { ...theX, layerNorm: 'linear' } },
  { name: 'ViT, a GeLU removed', model: vit, approximations: removedOnce },
  { name: 'BERT as Linformer', model: { ...bert, projected: 2 } },
  { name: 'BERT as Linformer, pairs', model: { ...bert, projected: 3, segments: 2 } },
  {
    name: 'ViT-Lite, GeLU at some tokens',
    model: { ...vitLite, layers: 2 },
    approximations: someTokens,
  },
  { name: 'ViT, GeLU at some tokens', model: vit, approximations: someTokens },
];

describe.each(variantDescriptions)('$id', ({ id: variant }) => {
  const usual: Approximations = { gelu: 'puma', softmax: 'puma', silu: 'puma' };
  test.each(models)('$name', async ({ model, output = 'logits', approximations = usual }) => {
    const plan: Plan = {
      variant,
      ring: { bits: 64, fractionBits: 18 },
      model,
      approximations,
      length: lengthOf(model),
      output,
    };
    const batches = [batchFor(model, 2, 'secure'), batchFor(model, 1, 'again')];
    const { logits, dealer, traces, weights } = await runSecure(plan, batches);
    const clear = await executeClear({ plan, kernels, weights, batches });
    for (const [inference, batch] of batches.entries()) {
      expect(logits[inference]).toHaveLength(clear[inference]!.length);
      logits[inference]!.forEach((value, index) => {
        expect(Math.abs(value - clear[inference]![index]!)).toBeLessThan(0.01);
      });
      const predicted = await predictCost(plan, batch.size);
      const own = traces.map((trace) => trace[inference + 1]!);
      expect(own.map(({ bytesSent }) => bytesSent.online)).toEqual(predicted.onlineBytesSent);
      expect(Math.max(...own.map(({ rounds }) => rounds.online))).toBe(predicted.rounds);
      expect(dealer[inference + 1]?.bytesSent.offline ?? 0).toBe(predicted.dealerBytes);
    }
  });
});

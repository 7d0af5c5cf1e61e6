/** Specs and plans that several tables share: each paper's own setting. */
import { randomDatasetId, type RunSpec } from '../api/schemas/run-spec.ts';
import { requireProfile } from '../demo/profile-network.ts';
import type { HeadKind, MpcformerBenchmarkConfig } from '../engine/models/config.ts';
import { imagePositions } from '../engine/models/config.ts';
import type { Quotient } from '../engine/approximations/spu/attention.ts';
import type { OutputId, Plan } from '../engine/plan.ts';
import { shapeModel } from '../zoo/shape-models.ts';

export type Approximations = RunSpec['approximations'];

interface Asked {
  readonly model: string;
  readonly sequenceLength: number;
  readonly approximations: Approximations;
  readonly variant: RunSpec['protocol']['variant'];
  readonly network: string;
  readonly fractionBits: number;
  readonly correlations?: 'insecureFirstParty';
  readonly weights?: 'uniform';
  readonly dataset?: { readonly id: string; readonly samples: number };
  readonly repeats?: number;
}

/** One sample with random inputs, once, unless asked otherwise. */
export const paperSpec = (asked: Asked): RunSpec => ({
  version: 1,
  model: asked.model,
  dataset: asked.dataset ?? { id: randomDatasetId, samples: 1 },
  sequenceLength: asked.sequenceLength,
  approximations: asked.approximations,
  protocol: {
    variant: asked.variant,
    ...(asked.correlations === undefined ? {} : { correlations: asked.correlations }),
    ring: { bits: 64, fractionBits: asked.fractionBits },
    ...(asked.weights === undefined ? {} : { weights: asked.weights }),
  },
  network: requireProfile(asked.network),
  measurement: { batchSize: 1, repeats: asked.repeats ?? 1 },
  reveal: 'logits',
  seed: { kind: 'random' },
});

const pumas = {
  approximations: { gelu: 'puma', softmax: 'puma' },
  variant: 'replicated/aby3',
  fractionBits: 18,
} as const;

/** PUMA's own: three parties, 18 bits of fraction, its functions and its network. */
export const pumaSpec = (model: string, sequenceLength: number): RunSpec =>
  paperSpec({ ...pumas, model, sequenceLength, network: 'puma-lan' });

/** The same on the network of its LLaMA table. Of all 32 layers the shares are drawn and not kept. */
export const pumaLlamaSpec = (
  model: 'llama-7b' | 'llama-7b-block',
  sequenceLength: number,
): RunSpec =>
  paperSpec({
    ...pumas,
    model,
    sequenceLength,
    network: 'puma-llama-lan',
    ...(model === 'llama-7b' ? { weights: 'uniform' } : {}),
  });

/** MPCFormer as PUMA's authors ran it: without Quad, a dealer of its own, on PUMA's network. */
export const mpcformerAtPuma = (model: string, sequenceLength: number): RunSpec =>
  paperSpec({
    model,
    sequenceLength,
    approximations: { gelu: 'crypten-tanh', softmax: 'crypten' },
    variant: 'additive/crypten',
    network: 'puma-lan',
    fractionBits: 16,
  });

/** MPCFormer's published timing: BERT base, 512 tokens, party 0 deals to itself. */
export const mpcformerTiming = (
  gelu: Approximations['gelu'],
  softmax: Approximations['softmax'],
  model = 'bert-base',
): RunSpec =>
  paperSpec({
    model,
    sequenceLength: 512,
    approximations: { gelu, softmax },
    variant: 'additive/crypten',
    correlations: 'insecureFirstParty',
    network: 'mpcformer-lan',
    fractionBits: 16,
  });

/** Layers by heads, the first `kept` of them in reading order of one kind, spread as given. */
export function headGrid(
  layers: number,
  heads: number,
  kinds: (layer: number, head: number) => HeadKind,
): HeadKind[][] {
  return Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: heads }, (__, head) => kinds(layer, head)),
  );
}

/** MPCViT's: two parties and a dealer, SPU's functions, its WAN as inferred. */
export function mpcvitSpec(
  model: 'vit_7_4_32' | 'vit_7_4_32-100' | 'vit_9_12_64',
  heads: readonly (readonly HeadKind[])[],
): RunSpec {
  const { config } = shapeModel(model);
  if (config.architecture !== 'vit-lite') throw new TypeError(`${model} is no ViT-Lite`);
  return paperSpec({
    model,
    sequenceLength: imagePositions(config),
    approximations: { gelu: 'spu-erf', softmax: 'spu', heads: heads.map((row) => [...row]) },
    variant: 'additive/semi2k',
    network: 'mpcvit-wan',
    fractionBits: 18,
  });
}

/** PUMA's benchmark program: decoders end in its own argmax. */
export function pumaPlan(model: string, length: number): Plan {
  const { config } = shapeModel(model);
  const isDecoder = config.architecture === 'gpt2' || config.architecture === 'llama';
  const output: OutputId = 'argmax-as-puma';
  return {
    variant: 'replicated/aby3',
    ring: { bits: 64, fractionBits: 18 },
    model: config,
    approximations: { gelu: 'puma', softmax: 'puma', silu: 'puma' },
    length,
    ...(isDecoder ? { output } : {}),
  };
}

const benchmark = (
  layers: number,
  hidden: number,
  vocabularySize = 28_996,
): MpcformerBenchmarkConfig => ({
  architecture: 'mpcformer-benchmark',
  layers,
  hidden,
  heads: hidden / 64,
  ffn: 4 * hidden,
  vocabularySize,
  maxPositions: 512,
  embeddingBlocks: 250,
});

export type BenchmarkFunctions = {
  readonly gelu: 'crypten-tanh' | 'crypten-erf' | 'quad-shipped';
  readonly softmax: 'crypten' | '2relu-shipped' | '2quad-shipped';
};

/** RoBERTa is BERT base with 50,265 words to the program, which knows no other difference. */
const benchmarks = {
  base: benchmark(12, 768),
  large: benchmark(24, 1024),
  roberta: benchmark(12, 768, 50_265),
} as const;

/** MPCFormer's own benchmark program: no pooler, BatchNorm for LayerNorm, one-hot in 250 blocks. */
export const mpcformerPlan = (
  size: keyof typeof benchmarks,
  length: number,
  functions: BenchmarkFunctions,
  correlations: 'dealer' | 'insecureFirstParty',
): Plan => ({
  variant: 'additive/crypten',
  correlations,
  ring: { bits: 64, fractionBits: 16 },
  model: benchmarks[size],
  approximations: functions,
  length,
});

/** All heads of one kind, with SPU's functions and the division that is asked. */
export function mpcvitPlan(
  model: 'vit_7_4_32' | 'vit_9_12_64',
  kind: HeadKind,
  quotient: Quotient,
): Plan {
  const { config } = shapeModel(model);
  if (config.architecture !== 'vit-lite') throw new TypeError(`${model} is no ViT-Lite`);
  return {
    variant: 'additive/semi2k',
    ring: { bits: 64, fractionBits: 18 },
    model: {
      ...config,
      quotient,
      attention: config.attention.map((layer) => layer.map(() => kind)),
    },
    approximations: { gelu: 'spu-erf', softmax: 'spu' },
    length: imagePositions(config),
  };
}

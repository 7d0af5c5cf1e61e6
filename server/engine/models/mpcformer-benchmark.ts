/**
 * What MPCFormer timed in place of BERT (Li et al. 2023; github.com/DachengLi1/MPCFormer, src/benchmark,
 * commit 38cb42c), for its cost only: the client makes the one-hot rows, whose product with the word
 * table goes in 250 blocks; norms are BatchNorms with known statistics; query, key and value are three
 * products; no token types, no padding mask, no pooler, no classifier. What is revealed is the last
 * layer's output.
 */
import { mulConstant } from '../approximations/fixed.ts';
import { embedOneHot } from '../approximations/crypten/embedding.ts';
import { batchNorm, type BatchStatistics } from '../approximations/crypten/layernorm.ts';
import { EngineError } from '../errors.ts';
import type { Batch } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { joinHeads, splitHeads } from './attention.ts';
import { Checkpoint } from './checkpoint.ts';
import type { MpcformerBenchmarkConfig } from './config.ts';
import { feedForward, type FeedForward } from './feed-forward.ts';
import { functionsAt, type Functions } from './functions.ts';
import { linear, type Linear } from './linear.ts';
import type { Model, ReadWeight } from './model.ts';

interface BenchmarkLayer {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attentionOutput: Linear;
  readonly attentionNorm: BatchStatistics;
  readonly feedForward: FeedForward;
  readonly outputNorm: BatchStatistics;
}

interface BenchmarkWeights {
  readonly words: AShare;
  readonly positions: AShare;
  readonly embeddingNorm: BatchStatistics;
  readonly layers: readonly BenchmarkLayer[];
}

async function benchmarkWeights(
  config: MpcformerBenchmarkConfig,
  read: ReadWeight,
): Promise<BenchmarkWeights> {
  const from = new Checkpoint(read);
  const { hidden, ffn } = config;
  const norm = async (name: string): Promise<BatchStatistics> => ({
    mean: await from.plain(`${name}.running_mean`, [hidden]),
    inverseDeviation: await from.plain(`${name}.inverse_deviation`, [hidden]),
    gamma: await from.plain(`${name}.weight`, [hidden]),
    beta: await from.plain(`${name}.bias`, [hidden]),
  });
  const words = await from.plain('embeddings.words.weight', [config.vocabularySize, hidden]);
  const positions = await from.plain('embeddings.positions.weight', [config.maxPositions, hidden]);
  const embeddingNorm = await norm('embeddings.LayerNorm');
  const layers: BenchmarkLayer[] = [];
  for (let index = 0; index < config.layers; index++) {
    const layer = `encoder.${index}`;
    layers.push({
      query: await from.dense([`${layer}.attention.self.query`], hidden, hidden),
      key: await from.dense([`${layer}.attention.self.key`], hidden, hidden),
      value: await from.dense([`${layer}.attention.self.value`], hidden, hidden),
      attentionOutput: await from.dense([`${layer}.attention.output.dense`], hidden, hidden),
      attentionNorm: await norm(`${layer}.attention.output.LayerNorm`),
      feedForward: {
        intermediate: await from.dense([`${layer}.intermediate.dense`], hidden, ffn),
        output: await from.dense([`${layer}.output.dense`], ffn, hidden),
      },
      outputNorm: await norm(`${layer}.output.LayerNorm`),
    });
  }
  return { words, positions, embeddingNorm, layers };
}

/** Input: one-hot rows [batch * length, vocabulary]; output: [batch, length, hidden]. */
export function mpcformerBenchmarkModel(
  config: MpcformerBenchmarkConfig,
  length: number,
  fns: Functions,
): Model {
  return {
    load: async (read) => {
      const weights = await benchmarkWeights(config, read);
      return (mpc, [oneHot]) => {
        if (oneHot === undefined) throw new RangeError('one input');
        return benchmark(mpc, config, weights, fns, length, oneHot);
      };
    },
    inputs: (batch) => [{ shape: [batch * length, config.vocabularySize], scale: 'fixed' }],
    encode: (batch) => [oneHotRows(config, batch)],
    outputShape: (batch) => [batch, length, config.hidden],
  };
}

/** Made by the client in the open, before sharing. */
function oneHotRows({ vocabularySize }: MpcformerBenchmarkConfig, batch: Batch): Float64Array {
  if (!('ids' in batch)) throw new EngineError('plan', 'batch: images given, a text is needed');
  const out = new Float64Array(batch.ids.length * vocabularySize);
  batch.ids.forEach((id, row) => {
    out[row * vocabularySize + id] = 1;
  });
  return out;
}

async function benchmark(
  mpc: Protocol,
  config: MpcformerBenchmarkConfig,
  w: BenchmarkWeights,
  fns: Functions,
  length: number,
  oneHot: AShare,
): Promise<AShare> {
  let x = await embed(mpc.at('embedding'), config, w, length, oneHot);
  for (const [index, layer] of w.layers.entries()) {
    x = await block(mpc.at(`layer${index}`), config, layer, functionsAt(fns, index), x);
  }
  return x;
}

/** Block by block, as the benchmark does to save memory: a round each. */
async function embed(
  mpc: Protocol,
  { hidden, embeddingBlocks }: MpcformerBenchmarkConfig,
  w: BenchmarkWeights,
  length: number,
  oneHot: AShare,
): Promise<AShare> {
  const rows = oneHot.shape[0] ?? 0;
  if (embeddingBlocks < 1) throw new EngineError('plan', 'embeddingBlocks is 0, use at least 1');
  const at = mpc.at('words');
  const total = await embedOneHot(at, oneHot, w.words, embeddingBlocks, (x, y) =>
    at.matmulTruncate(x, y, mpc.ring.fractionBits),
  );
  const words = mpc.view(total, { reshape: [rows / length, length, hidden] });
  const positions = mpc.view(w.positions, { slice: { axis: 0, start: 0, end: length } });
  return batchNorm(mpc.at('norm'), mpc.add(words, positions), w.embeddingNorm);
}

async function block(
  mpc: Protocol,
  config: MpcformerBenchmarkConfig,
  w: BenchmarkLayer,
  fns: Functions,
  x: AShare,
): Promise<AShare> {
  const attended = await attention(mpc.at('attention'), config.heads, w, fns, x);
  const y = await batchNorm(mpc.at('attentionNorm'), mpc.add(attended, x), w.attentionNorm);
  const fed = await feedForward(mpc, y, w.feedForward, fns.gelu);
  return batchNorm(mpc.at('outputNorm'), mpc.add(fed, y), w.outputNorm);
}

/** Scores are divided after the product, where the benchmark does it. */
async function attention(
  mpc: Protocol,
  heads: number,
  w: BenchmarkLayer,
  fns: Functions,
  x: AShare,
): Promise<AShare> {
  const query = splitHeads(mpc, await linear(mpc.at('query'), x, w.query), heads);
  const key = splitHeads(mpc, await linear(mpc.at('key'), x, w.key), heads);
  const value = splitHeads(mpc, await linear(mpc.at('value'), x, w.value), heads);
  const { fractionBits } = mpc.ring;
  const at = mpc.at('scores');
  const transposed = mpc.view(key, { transpose: [0, 1, 3, 2] });
  const products = await at.matmulTruncate(query, transposed, fractionBits);
  const scores = await mulConstant(at, products, 1 / Math.sqrt(query.shape[3] ?? 1));
  const weights = await fns.softmax.evaluate(mpc.at('softmax'), scores, null);
  const context = await mpc.at('context').matmulTruncate(weights, value, fractionBits);
  return linear(mpc.at('output'), joinHeads(mpc, context), w.attentionOutput);
}

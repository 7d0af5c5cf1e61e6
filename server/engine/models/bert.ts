/**
 * BERT encoder with a classification head (Devlin et al. 2019; tensor names of Hugging Face's
 * BertForSequenceClassification). Post-layer-norm blocks, learned positions, tanh pooler.
 *
 * Secret: weights, wordpiece ids, padding. Public: the shapes in `BertConfig` and the plan.
 * Differs from the original: dropout is absent (inference), token type is always 0.
 */
import { mulConstant } from '../approximations/fixed.ts';
import type { ElementFunction, SoftmaxFunction } from '../approximations/function.ts';
import { layerNorm } from '../approximations/layernorm.ts';
import { divideByColumn } from '../approximations/normalise.ts';
import { tanh } from '../approximations/tanh.ts';
import type { BertConfig } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Shape } from '../ring/tensor.ts';
import { secureLookup } from './embedding.ts';
import { linear, type Linear } from './linear.ts';
import type { Model, ReadWeight } from './model.ts';

export interface BertFunctions {
  readonly gelu: ElementFunction<string>;
  readonly softmax: SoftmaxFunction<string>;
}

interface Norm {
  readonly gamma: AShare;
  readonly beta: AShare;
}

interface BertLayer {
  /** Query, key and value side by side: [hidden, 3 hidden]. */
  readonly queryKeyValue: Linear;
  readonly attentionOutput: Linear;
  readonly attentionNorm: Norm;
  readonly intermediate: Linear;
  readonly output: Linear;
  readonly outputNorm: Norm;
}

export interface BertWeights {
  readonly words: AShare;
  readonly positions: AShare;
  readonly types: AShare;
  readonly embeddingNorm: Norm;
  readonly layers: readonly BertLayer[];
  readonly pooler: Linear;
  readonly classifier: Linear;
}

/** `read` hands out a share per recipe, always in the same order. */
export async function bertWeights(
  config: BertConfig,
  read: ReadWeight,
): Promise<BertWeights> {
  const { hidden } = config;
  const plain = (name: string, shape: Shape) => read({ shape, from: [name], transpose: false });
  const dense = async (names: readonly string[], inputs: number, outputs: number) => ({
    weight: await read({
      shape: [inputs, outputs],
      from: names.map((name) => `${name}.weight`),
      transpose: true,
    }),
    bias: await read({
      shape: [outputs],
      from: names.map((name) => `${name}.bias`),
      transpose: false,
    }),
  });
  const norm = async (name: string): Promise<Norm> => ({
    gamma: await plain(`${name}.weight`, [hidden]),
    beta: await plain(`${name}.bias`, [hidden]),
  });

  const words = await plain('bert.embeddings.word_embeddings.weight', [
    config.vocabularySize,
    hidden,
  ]);
  const positions = await plain('bert.embeddings.position_embeddings.weight', [
    config.maxPositions,
    hidden,
  ]);
  const types = await plain('bert.embeddings.token_type_embeddings.weight', [
    config.typeVocabularySize,
    hidden,
  ]);
  const embeddingNorm = await norm('bert.embeddings.LayerNorm');
  const layers: BertLayer[] = [];
  for (let index = 0; index < config.layers; index++) {
    const layer = `bert.encoder.layer.${index}`;
    const attention = `${layer}.attention.self`;
    layers.push({
      queryKeyValue: await dense(
        [`${attention}.query`, `${attention}.key`, `${attention}.value`],
        hidden,
        3 * hidden,
      ),
      attentionOutput: await dense([`${layer}.attention.output.dense`], hidden, hidden),
      attentionNorm: await norm(`${layer}.attention.output.LayerNorm`),
      intermediate: await dense([`${layer}.intermediate.dense`], hidden, config.ffn),
      output: await dense([`${layer}.output.dense`], config.ffn, hidden),
      outputNorm: await norm(`${layer}.output.LayerNorm`),
    });
  }
  return {
    words,
    positions,
    types,
    embeddingNorm,
    layers,
    pooler: await dense(['bert.pooler.dense'], hidden, hidden),
    classifier: await dense(['classifier'], hidden, config.labels),
  };
}

/** Inputs: ids and keep, [batch, length] each; output: logits [batch, labels]. */
export function bertModel(config: BertConfig, length: number, fns: BertFunctions): Model {
  return {
    load: async (read) => {
      const weights = await bertWeights(config, read);
      return (mpc, [ids, keep]) => {
        if (ids === undefined || keep === undefined) throw new RangeError('two inputs');
        return bert(mpc, config, weights, fns, ids, keep);
      };
    },
    inputs: (batch) => [
      { shape: [batch, length], scale: 'integer' },
      { shape: [batch, length], scale: 'integer' },
    ],
    encode: (batch) => [batch.ids, batch.mask],
    outputShape: (batch) => [batch, config.labels],
  };
}

/** ids and keep [batch, length], ring integers; keep is 1 for real wordpieces. Logits [batch, labels]. */
export async function bert(
  mpc: Protocol,
  config: BertConfig,
  w: BertWeights,
  fns: BertFunctions,
  ids: AShare,
  keep: AShare,
): Promise<AShare> {
  let x = await embed(mpc.at('embedding'), config, w, ids);
  const scoreMask = spreadOverScores(mpc, config, keep);
  for (const [index, layer] of w.layers.entries()) {
    x = await block(mpc.at(`layer${index}`), config, layer, fns, x, scoreMask);
  }
  return head(mpc.at('head'), config, w, x, keep);
}

async function embed(
  mpc: Protocol,
  config: BertConfig,
  w: BertWeights,
  ids: AShare,
): Promise<AShare> {
  const [batch = 0, length = 0] = ids.shape;
  const flat = mpc.view(ids, { reshape: [batch * length] });
  const words = await secureLookup(mpc.at('words'), flat, w.words);
  const positions = mpc.view(w.positions, { slice: { axis: 0, start: 0, end: length } });
  const type = mpc.view(mpc.view(w.types, { slice: { axis: 0, start: 0, end: 1 } }), {
    reshape: [config.hidden],
  });
  const x = mpc.add(
    mpc.add(mpc.view(words, { reshape: [batch, length, config.hidden] }), positions),
    type,
  );
  return normed(mpc.at('norm'), config, x, w.embeddingNorm);
}

async function block(
  mpc: Protocol,
  config: BertConfig,
  layer: BertLayer,
  fns: BertFunctions,
  x: AShare,
  keep: AShare,
): Promise<AShare> {
  const attended = await attention(mpc.at('attention'), config, layer, fns, x, keep);
  const y = await normed(
    mpc.at('attentionNorm'),
    config,
    mpc.add(x, attended),
    layer.attentionNorm,
  );
  const wide = await linear(mpc.at('intermediate'), y, layer.intermediate);
  const active = await fns.gelu.evaluate(mpc.at('gelu'), wide);
  const narrow = await linear(mpc.at('output'), active, layer.output);
  return normed(mpc.at('outputNorm'), config, mpc.add(y, narrow), layer.outputNorm);
}

async function attention(
  mpc: Protocol,
  config: BertConfig,
  layer: BertLayer,
  fns: BertFunctions,
  x: AShare,
  keep: AShare,
): Promise<AShare> {
  const [batch = 0, length = 0] = x.shape;
  const { hidden, heads } = config;
  const width = hidden / heads;
  const projected = await linear(mpc.at('queryKeyValue'), x, layer.queryKeyValue);
  const part = (index: number) =>
    mpc.view(projected, { slice: { axis: 2, start: index * hidden, end: (index + 1) * hidden } });
  // [batch, length, hidden] to [batch, heads, length, width]
  const split = (y: AShare) =>
    mpc.view(mpc.view(y, { reshape: [batch, length, heads, width] }), {
      transpose: [0, 2, 1, 3],
    });
  const query = split(await mulConstant(mpc.at('scores'), part(0), 1 / Math.sqrt(width)));
  const key = mpc.view(split(part(1)), { transpose: [0, 1, 3, 2] });
  const scores = await product(mpc.at('scores'), query, key); // [batch, heads, length, length]
  const weights = await fns.softmax.evaluate(mpc.at('softmax'), scores, keep);
  const context = await product(mpc.at('context'), weights, split(part(2)));
  const joined = mpc.view(mpc.view(context, { transpose: [0, 2, 1, 3] }), {
    reshape: [batch, length, hidden],
  });
  return linear(mpc.at('output'), joined, layer.attentionOutput);
}

async function head(
  mpc: Protocol,
  config: BertConfig,
  w: BertWeights,
  x: AShare,
  keep: AShare,
): Promise<AShare> {
  const read = config.pooling === 'cls' ? firstToken(mpc, x) : await meanOverReal(mpc, x, keep);
  const pooled = await tanh(mpc.at('tanh'), await linear(mpc.at('pooler'), read, w.pooler));
  return linear(mpc.at('classifier'), pooled, w.classifier);
}

function firstToken(mpc: Protocol, x: AShare): AShare {
  const [batch = 0, , hidden = 0] = x.shape;
  return mpc.view(mpc.view(x, { slice: { axis: 1, start: 0, end: 1 } }), {
    reshape: [batch, hidden],
  });
}

/** Mean over positions with keep = 1; the count is secret too. */
async function meanOverReal(mpc: Protocol, x: AShare, keep: AShare): Promise<AShare> {
  const [batch = 0, length = 0] = keep.shape;
  const row = mpc.view(keep, { reshape: [batch, 1, length] });
  const total = mpc.view(await mpc.matmul(row, x), { reshape: [batch, x.shape[2] ?? 0] });
  const count = mpc.scale(
    mpc.view(mpc.sum(keep, 1), { reshape: [batch, 1] }),
    1n << BigInt(mpc.ring.fractionBits),
  );
  return divideByColumn(mpc, total, count);
}

async function product(mpc: Protocol, x: AShare, y: AShare): Promise<AShare> {
  return mpc.matmulTruncate(x, y, mpc.ring.fractionBits);
}

function normed(mpc: Protocol, config: BertConfig, x: AShare, norm: Norm): Promise<AShare> {
  return layerNorm(mpc, x, norm.gamma, norm.beta, config.layerNormEpsilon);
}

/** [batch, length] to the shape of the attention scores: the same row for every head and query. */
function spreadOverScores(mpc: Protocol, config: BertConfig, keep: AShare): AShare {
  const [batch = 0, length = 0] = keep.shape;
  return mpc.view(mpc.view(keep, { reshape: [batch, 1, 1, length] }), {
    expand: [batch, config.heads, length, length],
  });
}

/**
 * BERT encoder with a classification head (Devlin et al. 2019; tensor names of Hugging Face's
 * BertForSequenceClassification). Post-layer-norm blocks, learned positions, tanh pooler.
 *
 * Secret: weights, wordpiece ids, padding, where the second text of a pair begins. Public: the shapes in
 * `BertConfig` and the plan. Differs from the original: dropout is absent (inference).
 */
import { divideByColumn } from '../approximations/normalise.ts';
import { tanh } from '../approximations/tanh.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { textClassifier } from './adapters.ts';
import { Checkpoint } from './checkpoint.ts';
import type { BertConfig } from './config.ts';
import {
  embed,
  embeddingWeights,
  encode,
  encoderLayers,
  type EmbeddingWeights,
  type EncoderLayer,
} from './encoder.ts';
import type { Functions } from './functions.ts';
import { linear, type Linear } from './linear.ts';
import type { Model, ReadWeight } from './model.ts';
import { tokenAt } from './token.ts';

export interface BertWeights {
  readonly embedding: EmbeddingWeights;
  readonly layers: readonly EncoderLayer[];
  readonly pooler: Linear;
  readonly classifier: Linear;
}

/** `read` hands out a share per recipe, always in the same order; without functions, of a plan that removes none; `length` as `encoderLayers`. */
export async function bertWeights(
  config: BertConfig,
  read: ReadWeight,
  fns: Functions | null = null,
  length = 0,
): Promise<BertWeights> {
  const from = new Checkpoint(read);
  const { hidden } = config;
  return {
    embedding: await embeddingWeights(from, 'bert', config, config.typeVocabularySize),
    layers: await encoderLayers(from, 'bert', config, fns, length),
    pooler: await from.dense(['bert.pooler.dense'], hidden, hidden),
    classifier: await from.dense(['classifier'], hidden, config.labels),
  };
}

/** A text classifier. */
export function bertModel(config: BertConfig, length: number, fns: Functions): Model {
  return textClassifier(config, length, async (read) => {
    const weights = await bertWeights(config, read, fns, length);
    return (mpc, ids, keep, types) => bert(mpc, config, weights, fns, ids, keep, types);
  });
}

/**
 * ids, keep and types [batch, length], ring integers; keep is 1 for real wordpieces; types is 1 for those
 * of the second text of a pair, null for single texts. Logits [batch, labels].
 */
export async function bert(
  mpc: Protocol,
  config: BertConfig,
  w: BertWeights,
  fns: Functions,
  ids: AShare,
  keep: AShare,
  types: AShare | null,
): Promise<AShare> {
  const embedded = await embed(mpc.at('embedding'), config, w.embedding, ids, 0, types, fns);
  const x = await encode(mpc, config, w.layers, fns, embedded, keep);
  return head(mpc.at('head'), config, w, x, keep);
}

async function head(
  mpc: Protocol,
  config: BertConfig,
  w: BertWeights,
  x: AShare,
  keep: AShare,
): Promise<AShare> {
  const read = config.pooling === 'cls' ? tokenAt(mpc, x, 0) : await meanOverReal(mpc, x, keep);
  const pooled = await tanh(mpc.at('tanh'), await linear(mpc.at('pooler'), read, w.pooler));
  return linear(mpc.at('classifier'), pooled, w.classifier);
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

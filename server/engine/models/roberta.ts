/**
 * RoBERTa encoder with its classification head (Liu et al. 2019; tensor names of Hugging Face's
 * RobertaForSequenceClassification). BERT's encoder; positions are counted from the one after the
 * padding id, there is one token type, and the head reads the first token without a pooler.
 *
 * Secret: weights, wordpiece ids, padding. Public: the shapes in `RobertaConfig` and the plan.
 * Texts are padded at the end; padded positions get vectors that differ from the original's, which
 * nobody reads.
 */
import { tanh } from '../approximations/tanh.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { textClassifier } from './adapters.ts';
import { Checkpoint } from './checkpoint.ts';
import type { RobertaConfig } from './config.ts';
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

interface RobertaWeights {
  readonly embedding: EmbeddingWeights;
  readonly layers: readonly EncoderLayer[];
  readonly dense: Linear;
  readonly classifier: Linear;
}

async function robertaWeights(
  config: RobertaConfig,
  read: ReadWeight,
  fns: Functions,
): Promise<RobertaWeights> {
  const from = new Checkpoint(read);
  const { hidden } = config;
  return {
    embedding: await embeddingWeights(from, 'roberta', config, 1),
    layers: await encoderLayers(from, 'roberta', config, fns),
    dense: await from.dense(['classifier.dense'], hidden, hidden),
    classifier: await from.dense(['classifier.out_proj'], hidden, config.labels),
  };
}

/** A text classifier. */
export function robertaModel(config: RobertaConfig, length: number, fns: Functions): Model {
  return textClassifier(config, length, async (read) => {
    const weights = await robertaWeights(config, read, fns);
    return (mpc, ids, keep) => roberta(mpc, config, weights, fns, ids, keep);
  });
}

async function roberta(
  mpc: Protocol,
  config: RobertaConfig,
  w: RobertaWeights,
  fns: Functions,
  ids: AShare,
  keep: AShare,
): Promise<AShare> {
  const first = config.paddingId + 1;
  const embedded = await embed(mpc.at('embedding'), config, w.embedding, ids, first, null, fns);
  const x = await encode(mpc, config, w.layers, fns, embedded, keep);
  const head = mpc.at('head');
  const dense = await linear(head.at('dense'), tokenAt(head, x, 0), w.dense);
  return linear(head.at('classifier'), await tanh(head.at('tanh'), dense), w.classifier);
}

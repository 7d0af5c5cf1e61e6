/**
 * The encoder that BERT and RoBERTa share: blocks with the layer norm after each residual sum
 * (post-norm), a secret padding mask, and word, position and type vectors below.
 */
import type { AShare, Protocol } from '../protocol.ts';
import type { Shape } from '../ring/tensor.ts';
import { attention, type Attention, type Weighting } from './attention.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { BertConfig, RobertaConfig } from './config.ts';
import { secureLookup } from './embedding.ts';
import { feedForward, feedForwardWeights, type FeedForward } from './feed-forward.ts';
import { functionsAt, type Functions } from './functions.ts';
import { normed, type Norm } from './norm.ts';

export type EncoderConfig = BertConfig | RobertaConfig;

export interface EmbeddingWeights {
  readonly words: AShare;
  readonly positions: AShare;
  readonly types: AShare;
  readonly norm: Norm;
}

export interface EncoderLayer {
  readonly attention: Attention;
  readonly attentionNorm: Norm;
  readonly feedForward: FeedForward;
  readonly outputNorm: Norm;
}

/** `model` is the first part of the tensors' names. */
export async function embeddingWeights(
  from: Checkpoint,
  model: string,
  config: EncoderConfig,
  typeVocabularySize: number,
): Promise<EmbeddingWeights> {
  const table = (name: string, rows: number) =>
    from.plain(`${model}.embeddings.${name}_embeddings.weight`, [rows, config.hidden]);
  return {
    words: await table('word', config.vocabularySize),
    positions: await table('position', config.maxPositions),
    types: await table('token_type', typeVocabularySize),
    norm: await from.norm(`${model}.embeddings.LayerNorm`, config.hidden),
  };
}

/** `length`: of a plan whose keys and values are projected along the sequence. */
export async function encoderLayers(
  from: Checkpoint,
  model: string,
  config: EncoderConfig,
  fns: Functions | null = null,
  length = 0,
): Promise<EncoderLayer[]> {
  const projected = config.architecture === 'bert' ? config.projected : undefined;
  const { layers, hidden } = config;
  const all: EncoderLayer[] = [];
  for (let index = 0; index < layers; index++) {
    const layer = `${model}.encoder.layer.${index}`;
    const self = `${layer}.attention.self`;
    all.push({
      attention: {
        queryKeyValue: await from.dense(
          [`${self}.query`, `${self}.key`, `${self}.value`],
          hidden,
          3 * hidden,
        ),
        output: await from.dense([`${layer}.attention.output.dense`], hidden, hidden),
        ...(projected === undefined
          ? {}
          : {
              sequenceProjection: await from.matrix(
                [`${self}.linformer.weight`],
                length,
                projected,
              ),
            }),
      },
      attentionNorm: await from.norm(`${layer}.attention.output.LayerNorm`, hidden),
      feedForward: await feedForwardWeights(
        from,
        {
          intermediate: `${layer}.intermediate.dense`,
          output: `${layer}.output.dense`,
          layout: 'outputMajor',
        },
        config,
        fns,
        index,
      ),
      outputNorm: await from.norm(`${layer}.output.LayerNorm`, hidden),
    });
  }
  return all;
}

/**
 * ids [batch, length] to vectors [batch, length, hidden]; the first token has `firstPosition`. `types` as
 * ids, 0 or 1; null: all 0, which costs nothing.
 */
export async function embed(
  mpc: Protocol,
  config: EncoderConfig,
  w: EmbeddingWeights,
  ids: AShare,
  firstPosition: number,
  types: AShare | null = null,
  fns: Pick<Functions, 'layerNorm'> = {},
): Promise<AShare> {
  const [batch = 0, length = 0] = ids.shape;
  const { hidden } = config;
  const flat = mpc.view(ids, { reshape: [batch * length] });
  const [words, second] =
    types === null
      ? [await secureLookup(mpc.at('words'), flat, w.words), null]
      : await mpc.together([
          (branch) => secureLookup(branch.at('words'), flat, w.words),
          (branch) => secondTypes(branch.at('types'), w.types, types),
        ]);
  const rows = (table: AShare, start: number, end: number, shape: Shape) =>
    mpc.view(mpc.view(table, { slice: { axis: 0, start, end } }), { reshape: shape });
  const positions = rows(w.positions, firstPosition, firstPosition + length, [length, hidden]);
  const type = rows(w.types, 0, 1, [hidden]);
  const x = mpc.add(
    mpc.add(mpc.view(words, { reshape: [batch, length, hidden] }), positions),
    type,
  );
  const typed = second === null ? x : mpc.add(x, second);
  return normed(mpc.at('norm'), typed, w.norm, config.layerNormEpsilon, fns);
}

/** What a second text's tokens have beyond a first's: type times the difference of the two vectors. */
async function secondTypes(mpc: Protocol, table: AShare, types: AShare): Promise<AShare> {
  const [batch = 0, length = 0] = types.shape;
  const row = (start: number) => mpc.view(table, { slice: { axis: 0, start, end: start + 1 } });
  const column = mpc.view(types, { reshape: [batch * length, 1] });
  // Types are ring integers: no truncation.
  const product = await mpc.matmul(column, mpc.sub(row(1), row(0)));
  return mpc.view(product, { reshape: [batch, length, table.shape[1] ?? 0] });
}

/** All blocks. x [batch, length, hidden], keep [batch, length] with 1 for real wordpieces. */
export async function encode(
  mpc: Protocol,
  config: EncoderConfig,
  layers: readonly EncoderLayer[],
  fns: Functions,
  x: AShare,
  keep: AShare,
): Promise<AShare> {
  const mask = { keep, scores: spreadOverScores(mpc, config.heads, keep) };
  let y = x;
  for (const [index, layer] of layers.entries()) {
    y = await block(mpc.at(`layer${index}`), config, layer, functionsAt(fns, index), y, mask);
  }
  return y;
}

async function block(
  mpc: Protocol,
  { heads, layerNormEpsilon }: EncoderConfig,
  w: EncoderLayer,
  fns: Functions,
  x: AShare,
  mask: { readonly keep: AShare; readonly scores: AShare },
): Promise<AShare> {
  // Projected, columns are no tokens any more: padding is cleared before.
  const seen = w.attention.sequenceProjection === undefined ? mask.scores : null;
  const weighting: Weighting = (at, scores) => fns.softmax.evaluate(at, scores, seen);
  const attended = await attention(
    mpc.at('attention'),
    x,
    w.attention,
    heads,
    weighting,
    undefined,
    mask.keep,
  );
  const y = await normed(
    mpc.at('attentionNorm'),
    mpc.add(x, attended),
    w.attentionNorm,
    layerNormEpsilon,
    fns,
  );
  const fed = await feedForward(mpc, y, w.feedForward, fns.gelu);
  return normed(mpc.at('outputNorm'), mpc.add(y, fed), w.outputNorm, layerNormEpsilon, fns);
}

/** [batch, length] to the shape of the attention scores: the same row for every head and query. */
function spreadOverScores(mpc: Protocol, heads: number, keep: AShare): AShare {
  const [batch = 0, length = 0] = keep.shape;
  return mpc.view(mpc.view(keep, { reshape: [batch, 1, 1, length] }), {
    expand: [batch, heads, length, length],
  });
}

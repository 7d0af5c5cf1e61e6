/**
 * ViT-Lite with a kind of attention for every head: the network of MPCViT (Zeng et al. 2023, released
 * code; its tensor names are those of Compact Transformers, Hassani et al. 2021). The block normalises
 * twice, y = LN1(x + Attn(LN0(x))) and out = y + MLP(y), so the second residual starts from the
 * normalised tensor.
 *
 * Secret: weights and pixels. Public: the shapes in `VitLiteConfig`, each head's kind, and the plan.
 * Differs from the original: dropout and stochastic depth are absent (inference).
 */
import type { AShare, Protocol } from '../protocol.ts';
import { attention, type Attention } from './attention.ts';
import { imageClassifier } from './adapters.ts';
import { Checkpoint } from './checkpoint.ts';
import { imagePositions, type VitLiteConfig } from './config.ts';
import { feedForward, feedForwardWeights, type FeedForward } from './feed-forward.ts';
import { functionsAt, type Functions } from './functions.ts';
import { mixedHeads } from './head-kinds.ts';
import { linear, type Linear } from './linear.ts';
import type { Model, ReadWeight } from './model.ts';
import { normed, type Norm } from './norm.ts';
import { embedPatches, type PatchEmbedding } from './patch-embedding.ts';
import { tokenAt } from './token.ts';

interface VitLiteLayer {
  /** LN0. */
  readonly attentionNorm: Norm;
  readonly attention: Attention;
  /** LN1. */
  readonly sumNorm: Norm;
  readonly feedForward: FeedForward;
}

interface VitLiteWeights {
  readonly embedding: PatchEmbedding;
  readonly layers: readonly VitLiteLayer[];
  readonly finalNorm: Norm;
  readonly classifier: Linear;
}

async function vitLiteWeights(
  config: VitLiteConfig,
  read: ReadWeight,
  fns: Functions,
): Promise<VitLiteWeights> {
  const from = new Checkpoint(read);
  const { hidden, patchSize, channels, projected } = config;
  const tokens = imagePositions(config);
  const embedding = {
    projection: await from.patches('tokenizer.conv_layers.0.0', [
      hidden,
      channels,
      patchSize,
      patchSize,
    ]),
    classToken: await from.plain('classifier.class_emb', [hidden], [1, 1, hidden]),
    positions: await from.plain('classifier.positional_emb', [tokens, hidden], [1, tokens, hidden]),
  };
  const layers: VitLiteLayer[] = [];
  for (let index = 0; index < config.layers; index++) {
    const layer = `classifier.blocks.${index}`;
    layers.push({
      attentionNorm: await from.norm(`${layer}.pre_norm`, hidden),
      attention: {
        queryKeyValue: await from.bare([`${layer}.self_attn.qkv`], hidden, 3 * hidden),
        output: await from.dense([`${layer}.self_attn.proj`], hidden, hidden),
        ...(projected === undefined
          ? {}
          : {
              sequenceProjection: await from.matrix(
                [`${layer}.self_attn.linformer.weight`],
                tokens,
                projected,
              ),
            }),
      },
      sumNorm: await from.norm(`${layer}.norm1`, hidden),
      feedForward: await feedForwardWeights(
        from,
        {
          intermediate: `${layer}.linear1`,
          output: `${layer}.linear2`,
          layout: 'outputMajor',
        },
        config,
        fns,
        index,
      ),
    });
  }
  return {
    embedding,
    layers,
    finalNorm: await from.norm('classifier.norm', hidden),
    classifier: await from.dense(['classifier.fc'], hidden, config.labels),
  };
}

/** An image classifier. */
export function vitLiteModel(config: VitLiteConfig, fns: Functions): Model {
  return imageClassifier(config, async (read) => {
    const weights = await vitLiteWeights(config, read, fns);
    return (mpc, patches) => vitLite(mpc, config, weights, fns, patches);
  });
}

async function vitLite(
  mpc: Protocol,
  config: VitLiteConfig,
  w: VitLiteWeights,
  fns: Functions,
  patches: AShare,
): Promise<AShare> {
  let x = await embedPatches(mpc.at('embedding'), w.embedding, patches);
  for (const [index, layer] of w.layers.entries()) {
    x = await block(mpc.at(`layer${index}`), config, index, layer, functionsAt(fns, index), x);
  }
  const head = mpc.at('head');
  // Only the class token is read, and a norm works on each position alone.
  const read = tokenAt(head, x, 0);
  const y = await normed(head.at('norm'), read, w.finalNorm, config.layerNormEpsilon, fns);
  return linear(head.at('classifier'), y, w.classifier);
}

async function block(
  mpc: Protocol,
  config: VitLiteConfig,
  index: number,
  w: VitLiteLayer,
  fns: Functions,
  x: AShare,
): Promise<AShare> {
  const { heads, layerNormEpsilon, quotient } = config;
  const weighting = mixedHeads(config.attention[index] ?? [], fns, quotient);
  const read = await normed(mpc.at('attentionNorm'), x, w.attentionNorm, layerNormEpsilon, fns);
  const attended = await attention(mpc.at('attention'), read, w.attention, heads, weighting);
  const y = await normed(
    mpc.at('outputNorm'),
    mpc.add(x, attended),
    w.sumNorm,
    layerNormEpsilon,
    fns,
  );
  return mpc.add(y, await feedForward(mpc, y, w.feedForward, fns.gelu));
}

/**
 * Vision Transformer with a classifier on the class token (Dosovitskiy et al. 2021; tensor names of
 * Hugging Face's ViTForImageClassification), and DeiT with its distillation token (Touvron et al. 2021;
 * DeiTForImageClassificationWithTeacher). Blocks normalise before each part (pre-norm).
 *
 * Secret: weights and pixels. Public: the shapes in `VitConfig` and the plan.
 */
import type { AShare, Protocol } from '../protocol.ts';
import type { Weighting } from './attention.ts';
import { imageClassifier } from './adapters.ts';
import { Checkpoint } from './checkpoint.ts';
import { imagePositions, type VitConfig } from './config.ts';
import { feedForwardWeights } from './feed-forward.ts';
import { functionsAt, type Functions } from './functions.ts';
import { linear, type Linear } from './linear.ts';
import type { Model, ReadWeight } from './model.ts';
import { normed, type Norm } from './norm.ts';
import { embedPatches, type PatchEmbedding } from './patch-embedding.ts';
import { preNormBlock, type PreNormLayer } from './pre-norm-block.ts';
import { tokenAt } from './token.ts';

interface VitWeights {
  readonly embedding: PatchEmbedding;
  readonly layers: readonly PreNormLayer[];
  readonly finalNorm: Norm;
  readonly classifier: Linear;
  /** Of the distillation token; both then give half of the answer. */
  readonly distillationClassifier?: Linear;
}

async function vitWeights(
  config: VitConfig,
  read: ReadWeight,
  fns: Functions,
): Promise<VitWeights> {
  const from = new Checkpoint(read);
  const { hidden, patchSize, channels } = config;
  const { distilled = false } = config;
  const model = distilled ? 'deit' : 'vit';
  const embeddings = `${model}.embeddings`;
  const tokens = imagePositions(config);
  const embedding = {
    classToken: await from.plain(`${embeddings}.cls_token`, [hidden], [1, 1, hidden]),
    ...(distilled
      ? {
          distillationToken: await from.plain(
            `${embeddings}.distillation_token`,
            [hidden],
            [1, 1, hidden],
          ),
        }
      : {}),
    positions: await from.plain(
      `${embeddings}.position_embeddings`,
      [tokens, hidden],
      [1, tokens, hidden],
    ),
    projection: await from.patches(`${embeddings}.patch_embeddings.projection`, [
      hidden,
      channels,
      patchSize,
      patchSize,
    ]),
  };
  const layers: PreNormLayer[] = [];
  for (let index = 0; index < config.layers; index++) {
    const layer = `${model}.encoder.layer.${index}`;
    const self = `${layer}.attention.attention`;
    layers.push({
      attentionNorm: await from.norm(`${layer}.layernorm_before`, hidden),
      attention: {
        queryKeyValue: await from.dense(
          [`${self}.query`, `${self}.key`, `${self}.value`],
          hidden,
          3 * hidden,
        ),
        output: await from.dense([`${layer}.attention.output.dense`], hidden, hidden),
      },
      feedForwardNorm: await from.norm(`${layer}.layernorm_after`, hidden),
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
    });
  }
  const finalNorm = await from.norm(`${model}.layernorm`, hidden);
  if (!distilled) {
    const classifier = await from.dense(['classifier'], hidden, config.labels);
    return { embedding, layers, finalNorm, classifier };
  }
  // The mean of both: each is shared at half of its size, which costs nothing.
  const half = (name: string) => from.dense([name], hidden, config.labels, 0.5);
  return {
    embedding,
    layers,
    finalNorm,
    classifier: await half('cls_classifier'),
    distillationClassifier: await half('distillation_classifier'),
  };
}

/** An image classifier. */
export function vitModel(config: VitConfig, fns: Functions): Model {
  return imageClassifier(config, async (read) => {
    const weights = await vitWeights(config, read, fns);
    return (mpc, patches) => vit(mpc, config, weights, fns, patches);
  });
}

async function vit(
  mpc: Protocol,
  config: VitConfig,
  w: VitWeights,
  fns: Functions,
  patches: AShare,
): Promise<AShare> {
  let x = await embedPatches(mpc.at('embedding'), w.embedding, patches);
  for (const [index, layer] of w.layers.entries()) {
    const own = functionsAt(fns, index);
    const weighting: Weighting = (at, scores) => own.softmax.evaluate(at, scores, null);
    x = await preNormBlock(mpc.at(`layer${index}`), config, layer, weighting, own, x);
  }
  const head = mpc.at('head');
  // Only these tokens are read, and a norm works on each position alone.
  const read = async (at: Protocol, position: number, classifier: Linear): Promise<AShare> => {
    const token = tokenAt(at, x, position);
    const y = await normed(at.at('norm'), token, w.finalNorm, config.layerNormEpsilon, fns);
    return linear(at.at('classifier'), y, classifier);
  };
  const { distillationClassifier } = w;
  if (distillationClassifier === undefined) return read(head, 0, w.classifier);
  const [byClass, byDistillation] = await mpc.together([
    (branch) => read(branch.at('head'), 0, w.classifier),
    (branch) => read(branch.at('distillationHead'), 1, distillationClassifier),
  ]);
  return mpc.add(byClass, byDistillation);
}

/**
 * ViT-Lite as a training graph: the network and the tensor names of server/engine/models/vit-lite.ts, so
 * that what is trained here runs there (MPCViT, Zeng et al. 2023, released code).
 */
import { imagePositions, type HeadKind, type VitLiteConfig } from '../../engine/models/config.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as op from '../operations/index.ts';

export type { VitLiteConfig } from '../../engine/models/config.ts';

/** What turns the scores of a layer, [rows, heads, n, n], into weights. */
export type LayerAttention = (graph: Graph, scores: Value, layer: number) => Value;

export interface VitLiteOutputs {
  /** [rows, labels] */
  readonly logits: Value;
  /** All tokens after the last norm, [rows, n, hidden]: what self-distillation compares. */
  readonly tokens: Value;
}

/** Heads of the two kinds that a search chooses from, or a layer whose heads all take the softmax. */
export function fixedAttention(kinds: readonly (readonly HeadKind[])[]): LayerAttention {
  return (graph, scores, layer) => {
    const own = kinds[layer]!;
    if (own.every((kind) => kind === 'softmax')) return op.softmax(graph, scores);
    const alpha = Float32Array.from(own, (kind) => (kind === 'relu' ? 1 : 0));
    if (alpha.every((value) => value === 1)) return op.reluSoftmax(graph, scores);
    if (alpha.every((value) => value === 0)) return op.scalingAttention(graph, scores);
    return op.mixedAttention(graph, scores, graph.constant(alpha, [own.length, 1, 1]));
  };
}

/** The forward pass of a batch of unfolded images, patches [rows, patches, channels * patch * patch]. */
export function vitLiteGraph(
  graph: Graph,
  config: VitLiteConfig,
  patches: Value,
  weight: (name: string) => Value,
  attention: LayerAttention,
): VitLiteOutputs {
  const { hidden, heads, layers, layerNormEpsilon } = config;
  const [rows = 0, , pixels = 0] = patches.shape;
  const tokens = imagePositions(config);
  const headWidth = hidden / heads;
  const linear = (x: Value, name: string): Value =>
    op.linear(graph, x, weight(`${name}.weight`), weight(`${name}.bias`));
  const normalised = (x: Value, name: string): Value =>
    op.layerNorm(graph, x, weight(`${name}.weight`), weight(`${name}.bias`), layerNormEpsilon);

  const kernel = op.reshape(graph, weight('tokenizer.conv_layers.0.0.weight'), [hidden, pixels]);
  const projected = op.linear(graph, patches, kernel, weight('tokenizer.conv_layers.0.0.bias'));
  const classToken = op.expand(graph, weight('classifier.class_emb'), [rows, 1, hidden]);
  const joined = op.concat(graph, [classToken, projected], 1);
  let x = op.add(graph, joined, weight('classifier.positional_emb'));

  for (let index = 0; index < layers; index += 1) {
    const layer = `classifier.blocks.${index}`;
    const read = normalised(x, `${layer}.pre_norm`);
    const together = op.linear(graph, read, weight(`${layer}.self_attn.qkv.weight`));
    const parts = op.reshape(graph, together, [rows, tokens, 3, heads, headWidth]);
    const turned = op.transpose(graph, parts, [2, 0, 3, 1, 4]);
    const [query, key, value] = [0, 1, 2].map((part) =>
      op.reshape(graph, op.slice(graph, turned, 0, part, part + 1), [
        rows,
        heads,
        tokens,
        headWidth,
      ]),
    ) as [Value, Value, Value];
    const factor = 1 / Math.sqrt(headWidth);
    const scores = op.matmul(graph, query, key, { transposeB: true, factor });
    const mixed = op.matmul(graph, attention(graph, scores, index), value);
    const flat = op.reshape(graph, op.transpose(graph, mixed, [0, 2, 1, 3]), [
      rows,
      tokens,
      hidden,
    ]);
    const attended = linear(flat, `${layer}.self_attn.proj`);
    // The second residual starts from the normalised sum, as in the original.
    const y = normalised(op.add(graph, x, attended), `${layer}.norm1`);
    const wide = op.gelu(graph, linear(y, `${layer}.linear1`));
    x = op.add(graph, y, linear(wide, `${layer}.linear2`));
  }
  const last = normalised(x, 'classifier.norm');
  const first = op.reshape(graph, op.slice(graph, last, 1, 0, 1), [rows, hidden]);
  return { logits: linear(first, 'classifier.fc'), tokens: last };
}

/** Names and shapes of all weights, as the engine reads them. */
export function vitLiteWeightShapes(config: VitLiteConfig): Map<string, readonly number[]> {
  const { hidden, ffn, channels, patchSize, labels, layers } = config;
  const shapes = new Map<string, readonly number[]>();
  const linear = (name: string, out: number, inner: number): void => {
    shapes.set(`${name}.weight`, [out, inner]);
    shapes.set(`${name}.bias`, [out]);
  };
  const norm = (name: string): void => {
    shapes.set(`${name}.weight`, [hidden]);
    shapes.set(`${name}.bias`, [hidden]);
  };
  shapes.set('tokenizer.conv_layers.0.0.weight', [hidden, channels, patchSize, patchSize]);
  shapes.set('tokenizer.conv_layers.0.0.bias', [hidden]);
  shapes.set('classifier.class_emb', [1, 1, hidden]);
  shapes.set('classifier.positional_emb', [1, imagePositions(config), hidden]);
  for (let index = 0; index < layers; index += 1) {
    const layer = `classifier.blocks.${index}`;
    norm(`${layer}.pre_norm`);
    shapes.set(`${layer}.self_attn.qkv.weight`, [3 * hidden, hidden]);
    linear(`${layer}.self_attn.proj`, hidden, hidden);
    norm(`${layer}.norm1`);
    linear(`${layer}.linear1`, ffn, hidden);
    linear(`${layer}.linear2`, hidden, ffn);
  }
  norm('classifier.norm');
  linear('classifier.fc', labels, hidden);
  return shapes;
}

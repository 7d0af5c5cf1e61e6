/** The networks of a search: their first weights, and their training graphs. */
import type { Tensor } from '../../zoo/safetensors.ts';
import type { TrainingGraph } from '../fit.ts';
import { backward } from '../graph/backward.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import {
  fixedAttention,
  vitLiteGraph,
  vitLiteWeightShapes,
  type LayerAttention,
  type VitLiteConfig,
} from '../models/vit-lite.ts';
import * as op from '../operations/index.ts';
import { randomStream, truncatedNormal } from '../random.ts';
import type { HeadAlphas } from './binarise.ts';
import type { SearchRecipe } from './recipe.ts';

export type Weights = Map<string, Tensor>;

/** The network of a recipe with the given kinds of heads; one channel, ten classes, one class token. */
export function networkConfig(
  { network }: SearchRecipe,
  imageSize: number,
  attention: VitLiteConfig['attention'],
): VitLiteConfig {
  return {
    architecture: 'vit-lite',
    layers: network.layers,
    hidden: network.hidden,
    heads: network.heads,
    ffn: network.ffn,
    layerNormEpsilon: 1e-5,
    imageSize,
    patchSize: network.patchSize,
    channels: 1,
    labels: 10,
    attention,
    quotient: 'inverse',
  };
}

/** The input that holds a layer's alphas, [heads, 1, 1]. */
export const alphaName = (layer: number): string => `alpha.${layer}`;

/** Linear weights 0.02, positions 0.2, the class token 0, norms 1 and 0; every alpha 1. */
export function firstNetwork(config: VitLiteConfig, phase: string, seed: number): Weights {
  const weights: Weights = new Map();
  for (const [name, shape] of vitLiteWeightShapes(config)) {
    const count = sizeOf(shape);
    const data = new Float32Array(count);
    const isNorm = shape.length === 1 && name.endsWith('.weight');
    if (isNorm) data.fill(1);
    else if (shape.length > 1 && name !== 'classifier.class_emb') {
      const deviation = name === 'classifier.positional_emb' ? 0.2 : 0.02;
      data.set(truncatedNormal(count, deviation, randomStream(seed, phase, name)));
    }
    weights.set(name, { shape, data });
  }
  return weights;
}

/** Adds one alpha per head to the weights. */
export function addAlphas(weights: Weights, { layers, heads }: VitLiteConfig): void {
  for (let layer = 0; layer < layers; layer += 1) {
    weights.set(alphaName(layer), {
      shape: [heads, 1, 1],
      data: new Float32Array(heads).fill(1),
    });
  }
}

export const alphasOf = (weights: Weights, { layers }: VitLiteConfig): HeadAlphas =>
  Array.from({ length: layers }, (_, layer) => [...weights.get(alphaName(layer))!.data]);

export interface LossOptions {
  readonly batch: number;
  readonly labelSmoothing: number;
  /** With a penalty on the alphas, heads are mixed; without, they are as the config says. */
  readonly penalty?: number;
  /** Self-distillation: a softmax network on the same images. */
  readonly teacher?: {
    readonly config: VitLiteConfig;
    readonly weights: Weights;
    readonly logits: number;
    readonly tokens: number;
  };
}

export const patchesOf = (
  graph: Graph,
  { imageSize, patchSize }: VitLiteConfig,
  rows: number,
): Value => graph.input('patches', [rows, (imageSize / patchSize) ** 2, patchSize ** 2]);

export function trainingGraph(
  config: VitLiteConfig,
  weights: Weights,
  { batch, labelSmoothing, penalty, teacher }: LossOptions,
): TrainingGraph {
  const graph = new Graph();
  const patches = patchesOf(graph, config, batch);
  const parameters = new Map(
    [...weights].map(([name, { shape }]) => [name, graph.parameter(name, shape)]),
  );
  const mixed: LayerAttention = (inner, scores, layer) =>
    op.mixedAttention(inner, scores, parameters.get(alphaName(layer))!);
  const attention = penalty === undefined ? fixedAttention(config.attention) : mixed;
  const own = vitLiteGraph(graph, config, patches, (name) => parameters.get(name)!, attention);
  const labels = graph.input('labels', [batch], 'int64');
  let loss = op.crossEntropy(graph, own.logits, labels, labelSmoothing);
  const addTerm = (value: Value, by: number): void => {
    if (by > 0) loss = op.add(graph, loss, op.scale(graph, value, by));
  };
  if (penalty !== undefined) {
    for (let layer = 0; layer < config.layers; layer += 1) {
      addTerm(op.total(graph, op.absolute(graph, parameters.get(alphaName(layer))!)), penalty);
    }
  }
  if (teacher !== undefined) {
    const constants = new Map(
      [...teacher.weights].map(([name, { shape, data }]) => [name, graph.constant(data, shape)]),
    );
    const taught = vitLiteGraph(
      graph,
      teacher.config,
      patches,
      (name) => constants.get(name)!,
      fixedAttention(teacher.config.attention),
    );
    addTerm(op.distillLogits(graph, own.logits, taught.logits), teacher.logits);
    addTerm(op.meanSquaredError(graph, own.tokens, taught.tokens), teacher.tokens);
  }
  graph.output('loss', loss);
  const trained = [...parameters.keys()];
  backward(graph, loss, [...parameters.values()]).forEach((gradient, index) =>
    graph.output(`gradient:${trained[index]!}`, gradient),
  );
  return { graph, trained };
}

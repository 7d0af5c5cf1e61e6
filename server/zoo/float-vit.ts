/**
 * The float64 reference of image classifiers: the forward pass of Hugging Face's ViTForImageClassification in
 * the open, with exact functions (Dosovitskiy et al. 2021), and of DeiT's with the distillation token. Matrices are row-major Float64Array.
 */
import { imagePositions, type VitConfig } from '../engine/models/config.ts';
import { ZooError } from './errors.ts';
import {
  addAndNormalise,
  applyLinear,
  attend,
  gelu,
  type Linear,
  type Norm,
} from './float-operations.ts';
import type { Tensor } from './safetensors.ts';

interface Layer {
  readonly before: Norm;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attentionOutput: Linear;
  readonly after: Norm;
  readonly intermediate: Linear;
  readonly output: Linear;
}

export interface FloatVit {
  readonly config: VitConfig;
  readonly projection: Linear;
  readonly classToken: Float64Array;
  /** Empty where there is none. */
  readonly distillationToken: Float64Array;
  readonly positions: Float64Array;
  readonly layers: readonly Layer[];
  readonly norm: Norm;
  /** Of the tokens in front, in order; the answer is their mean. */
  readonly classifiers: readonly Linear[];
}

/** @throws ZooError naming the first tensor that is missing or has another size */
export function prepareFloatVit(config: VitConfig, tensors: ReadonlyMap<string, Tensor>): FloatVit {
  const { hidden, ffn, channels, patchSize, labels } = config;
  const take = (name: string, count: number): Float64Array => {
    const tensor = tensors.get(name);
    if (tensor?.data.length === count) return Float64Array.from(tensor.data);
    const found = tensor === undefined ? 'is missing' : `has ${tensor.data.length} numbers`;
    throw new ZooError('corrupt', `tensor "${name}" ${found}, the config asks for ${count}.`);
  };
  const linear = (name: string, rows: number, columns: number): Linear => ({
    rows,
    weight: take(`${name}.weight`, rows * columns),
    bias: take(`${name}.bias`, rows),
  });
  const norm = (name: string): Norm => ({
    gain: take(`${name}.weight`, hidden),
    shift: take(`${name}.bias`, hidden),
  });
  const distilled = config.distilled === true;
  const model = distilled ? 'deit' : 'vit';
  const heads = distilled ? ['cls_classifier', 'distillation_classifier'] : ['classifier'];
  const embeddings = `${model}.embeddings`;
  const patch = channels * patchSize ** 2;
  return {
    config,
    projection: linear(`${embeddings}.patch_embeddings.projection`, hidden, patch),
    classToken: take(`${embeddings}.cls_token`, hidden),
    distillationToken: distilled
      ? take(`${embeddings}.distillation_token`, hidden)
      : new Float64Array(),
    positions: take(`${embeddings}.position_embeddings`, imagePositions(config) * hidden),
    layers: Array.from({ length: config.layers }, (_, index) => {
      const layer = `${model}.encoder.layer.${index}`;
      const self = `${layer}.attention.attention`;
      return {
        before: norm(`${layer}.layernorm_before`),
        query: linear(`${self}.query`, hidden, hidden),
        key: linear(`${self}.key`, hidden, hidden),
        value: linear(`${self}.value`, hidden, hidden),
        attentionOutput: linear(`${layer}.attention.output.dense`, hidden, hidden),
        after: norm(`${layer}.layernorm_after`),
        intermediate: linear(`${layer}.intermediate.dense`, ffn, hidden),
        output: linear(`${layer}.output.dense`, hidden, ffn),
      };
    }),
    norm: norm(`${model}.layernorm`),
    classifiers: heads.map((name) => linear(name, labels, hidden)),
  };
}

/** Rows of patches, each as the convolution's kernel reads it: channel, row, column. */
function unfold(pixels: Float32Array, { imageSize, patchSize, channels }: VitConfig): Float64Array {
  const across = imageSize / patchSize;
  const width = channels * patchSize ** 2;
  const out = new Float64Array(across ** 2 * width);
  for (let channel = 0; channel < channels; channel += 1) {
    for (let y = 0; y < imageSize; y += 1) {
      for (let x = 0; x < imageSize; x += 1) {
        const patch = Math.floor(y / patchSize) * across + Math.floor(x / patchSize);
        const inside = (channel * patchSize + (y % patchSize)) * patchSize + (x % patchSize);
        out[patch * width + inside] = pixels[(channel * imageSize + y) * imageSize + x] ?? 0;
      }
    }
  }
  return out;
}

const plus = (x: Float64Array, y: Float64Array): Float64Array =>
  x.map((value, at) => value + (y[at] ?? 0));

/** Logits of one image. `pixels` are [channels, height, width], normalised. */
export function classifyVit(model: FloatVit, pixels: Float32Array): Float64Array {
  const { config, layers } = model;
  const { hidden, heads, layerNormEpsilon } = config;
  const normed = (x: Float64Array, norm: Norm) =>
    addAndNormalise(x, undefined, norm, layerNormEpsilon);
  const everywhere = new Uint8Array(imagePositions(config)).fill(1);
  const patches = applyLinear(unfold(pixels, config), model.projection);
  const { classToken, distillationToken, classifiers } = model;
  let x = plus(
    Float64Array.from([...classToken, ...distillationToken, ...patches]),
    model.positions,
  );
  for (const layer of layers) {
    const read = normed(x, layer.before);
    const [q, k, v] = [layer.query, layer.key, layer.value].map((w) => applyLinear(read, w));
    if (q === undefined || k === undefined || v === undefined) throw new RangeError('three');
    const mixed = attend(q, k, v, everywhere, heads);
    x = plus(x, applyLinear(mixed, layer.attentionOutput));
    const wide = gelu(applyLinear(normed(x, layer.after), layer.intermediate));
    x = plus(x, applyLinear(wide, layer.output));
  }
  const answers = classifiers.map((classifier, token) =>
    applyLinear(normed(x.slice(token * hidden, (token + 1) * hidden), model.norm), classifier),
  );
  const sum = answers.reduce(plus);
  return sum.map((value) => value / answers.length);
}

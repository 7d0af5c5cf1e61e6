/**
 * The float64 reference: BERT's forward pass in the open, written to be read. RoBERTa's is the same but for
 * where positions are counted from, and the names of its head.
 *
 * Its accuracy stands beside the secure run's on every page, and its hidden states are the yardstick
 * for the secure run's error per layer. One sequence at a time, all positions of `ids` computed,
 * padded ones masked out of attention; with the functions that the model was made for. Weights come as Hugging Face names and shapes ([out, in]) and
 * are widened to float64 once, in `prepareFloatModel`.
 *
 * Matrices are row-major Float64Array; `n` positions, `d` hidden width.
 */
import { ZooError } from './errors.ts';
import {
  addAndNormalise,
  applyLinear,
  attend,
  gelu,
  quad,
  rowWeights,
  type Linear,
  type Norm,
} from './float-operations.ts';
import type { TextModelConfig } from './model-config.ts';
import type { Tensor } from './safetensors.ts';

type Layer = {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attentionOutput: Linear;
  readonly attentionNorm: Norm;
  readonly intermediate: Linear;
  readonly output: Linear;
  readonly outputNorm: Norm;
};

export type FloatModel = {
  readonly config: TextModelConfig;
  readonly words: Float64Array;
  readonly positions: Float64Array;
  readonly types: Float64Array;
  readonly embeddingNorm: Norm;
  readonly layers: readonly Layer[];
  readonly pooler: Linear;
  readonly classifier: Linear;
};

export type FloatResult = {
  /** One per label. */
  readonly logits: Float64Array;
  /** [layers + 1][n * hidden]: the embeddings' output, then each layer's. */
  readonly hidden: readonly Float64Array[];
};

/** Dense and tanh, then the classes. */
const headNames = {
  bert: ['bert.pooler.dense', 'classifier'],
  roberta: ['classifier.dense', 'classifier.out_proj'],
} as const;

/** Row of the table of positions that the first piece has. */
const firstPosition = ({ architecture, paddingId = 1 }: TextModelConfig): number =>
  architecture === 'roberta' ? paddingId + 1 : 0;

/**
 * Checks every tensor's shape against the config and widens it.
 * @throws ZooError naming the first tensor that is missing or has another shape
 */
export function prepareFloatModel(
  config: TextModelConfig,
  tensors: ReadonlyMap<string, Tensor>,
): FloatModel {
  const { hidden, ffn } = config;
  const take = (name: string, shape: readonly number[]): Float64Array => {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      throw new ZooError(
        'missing',
        `tensor "${name}" is not in the weights; the config asks for it.`,
      );
    }
    if (tensor.shape.join() !== shape.join()) {
      throw new ZooError(
        'corrupt',
        `tensor "${name}" has shape [${tensor.shape.join(', ')}], the config asks for [${shape.join(', ')}].`,
      );
    }
    return Float64Array.from(tensor.data);
  };
  const linear = (name: string, rows: number, columns: number): Linear => ({
    rows,
    weight: take(`${name}.weight`, [rows, columns]),
    bias: take(`${name}.bias`, [rows]),
  });
  const norm = (name: string): Norm => ({
    gain: take(`${name}.weight`, [hidden]),
    shift: take(`${name}.bias`, [hidden]),
  });
  const { architecture } = config;
  const embeddings = `${architecture}.embeddings`;
  const [pooler, classifier] = headNames[architecture];
  return {
    config,
    words: take(`${embeddings}.word_embeddings.weight`, [config.vocabularySize, hidden]),
    positions: take(`${embeddings}.position_embeddings.weight`, [config.maxPositions, hidden]),
    types: take(`${embeddings}.token_type_embeddings.weight`, [config.typeVocabularySize, hidden]),
    embeddingNorm: norm(`${embeddings}.LayerNorm`),
    layers: Array.from({ length: config.layers }, (_, index) => {
      const layer = `${architecture}.encoder.layer.${index}`;
      return {
        query: linear(`${layer}.attention.self.query`, hidden, hidden),
        key: linear(`${layer}.attention.self.key`, hidden, hidden),
        value: linear(`${layer}.attention.self.value`, hidden, hidden),
        attentionOutput: linear(`${layer}.attention.output.dense`, hidden, hidden),
        attentionNorm: norm(`${layer}.attention.output.LayerNorm`),
        intermediate: linear(`${layer}.intermediate.dense`, ffn, hidden),
        output: linear(`${layer}.output.dense`, hidden, ffn),
        outputNorm: norm(`${layer}.output.LayerNorm`),
      };
    }),
    pooler: linear(pooler, hidden, hidden),
    classifier: linear(classifier, config.labels.length, hidden),
  };
}

function embed(model: FloatModel, ids: Int32Array, types?: Uint8Array): Float64Array {
  const { hidden, vocabularySize } = model.config;
  const x = new Float64Array(ids.length * hidden);
  const first = firstPosition(model.config);
  ids.forEach((id, position) => {
    if (id < 0 || id >= vocabularySize) {
      throw new ZooError(
        'range',
        `token id ${id} at position ${position} is outside the vocabulary of ${vocabularySize}.`,
      );
    }
    const type = (types?.[position] ?? 0) * hidden;
    for (let k = 0; k < hidden; k += 1) {
      x[position * hidden + k] =
        model.words[id * hidden + k]! +
        model.positions[(first + position) * hidden + k]! +
        model.types[type + k]!;
    }
  });
  return addAndNormalise(x, undefined, model.embeddingNorm, model.config.layerNormEpsilon);
}

/** The row that the pooler reads: position 0, or the mean over unmasked positions. */
function pool(
  x: Float64Array,
  mask: Uint8Array,
  { hidden, pooling }: TextModelConfig,
): Float64Array {
  if (pooling === 'cls') return x.slice(0, hidden);
  const sum = new Float64Array(hidden);
  let real = 0;
  mask.forEach((flag, position) => {
    real += flag;
    for (let k = 0; k < hidden; k += 1) sum[k]! += flag * x[position * hidden + k]!;
  });
  return sum.map((value) => value / real);
}

/**
 * Classifies one token sequence.
 *
 * @param ids  token ids, at most `maxPositions` of them
 * @param mask same length, 1 = real, 0 = padding; position 0 must be real
 * @param types of a pair: same length, 1 = of the second text; read where the model has two types
 * @throws ZooError on an id outside the vocabulary, a sequence too long, or an empty mask
 */
export function classifyFloat(
  model: FloatModel,
  ids: Int32Array,
  mask: Uint8Array,
  types?: Uint8Array,
): FloatResult {
  const { heads, layerNormEpsilon, maxPositions, madeFor = {} } = model.config;
  const longest = maxPositions - firstPosition(model.config);
  if (ids.length !== mask.length || ids.length > longest || mask[0] !== 1) {
    throw new ZooError(
      'range',
      `${ids.length} ids with a mask of ${mask.length}: give equal lengths up to ${longest}, ` +
        `the first position real.`,
    );
  }
  let x = embed(model, ids, model.config.typeVocabularySize > 1 ? types : undefined);
  const hidden = [x];
  for (const layer of model.layers) {
    const mixed = attend(
      applyLinear(x, layer.query),
      applyLinear(x, layer.key),
      applyLinear(x, layer.value),
      mask,
      heads,
      rowWeights[madeFor.softmax ?? 'exact'],
    );
    const attended = applyLinear(mixed, layer.attentionOutput);
    x = addAndNormalise(attended, x, layer.attentionNorm, layerNormEpsilon);
    const activate = madeFor.gelu === 'quad' ? quad : gelu;
    const wide = activate(applyLinear(x, layer.intermediate));
    x = addAndNormalise(applyLinear(wide, layer.output), x, layer.outputNorm, layerNormEpsilon);
    hidden.push(x);
  }
  const pooled = applyLinear(pool(x, mask, model.config), model.pooler).map(Math.tanh);
  return { logits: applyLinear(pooled, model.classifier), hidden };
}

/** Index of the largest logit. */
export function predictedLabel(logits: ArrayLike<number>): number {
  return Array.from(logits).reduce(
    (best, value, label, all) => (value > all[best]! ? label : best),
    0,
  );
}

/**
 * BERT's classifier as a training graph: the same network as server/zoo/float-bert.ts, with the
 * functions that the student swaps, and with everything that a distillation compares.
 */
import type { TextModelConfig } from '../../zoo/model-config.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as op from '../operations/index.ts';

export type GeluFunction = 'exact' | 'quad';
export type SoftmaxFunction = 'exact' | '2quad' | '2relu';

export interface BertFunctions {
  readonly gelu: GeluFunction;
  readonly softmax: SoftmaxFunction;
}

const activations = { exact: op.gelu, quad: op.quad } as const;
const normalisers = {
  exact: op.maskedSoftmax,
  '2quad': op.twoQuad,
  '2relu': op.twoRelu,
} as const;

export interface BertInputs {
  /** int64 [rows, length] */
  readonly ids: Value;
  /** float [rows, length], 1 for a real position, 0 for padding */
  readonly keep: Value;
}

export interface BertOutputs {
  /** [rows, labels] */
  readonly logits: Value;
  /** The embeddings' output, then each layer's: [rows, length, hidden]. */
  readonly hidden: readonly Value[];
  /** Each layer's scaled scores before normalising: [rows, heads, length, length]. */
  readonly scores: readonly Value[];
}

export interface BertOptions extends BertFunctions {
  /** A weight by its Hugging Face name: a parameter, or a constant where it is frozen. */
  readonly weight: (name: string) => Value;
  /** Applied where BERT drops out; left away outside training. */
  readonly dropout?: (x: Value) => Value;
}

const same = (x: Value): Value => x;

/** The forward pass of a batch. */
export function bertGraph(
  graph: Graph,
  config: TextModelConfig,
  { ids, keep }: BertInputs,
  { weight, gelu, softmax, dropout = same }: BertOptions,
): BertOutputs {
  const [rows = 0, length = 0] = ids.shape;
  const { hidden: width, heads, layerNormEpsilon } = config;
  const headWidth = width / heads;
  const linear = (x: Value, name: string): Value =>
    op.linear(graph, x, weight(`${name}.weight`), weight(`${name}.bias`));
  const normalised = (x: Value, name: string): Value =>
    op.layerNorm(graph, x, weight(`${name}.weight`), weight(`${name}.bias`), layerNormEpsilon);
  const split = (x: Value): Value =>
    op.transpose(graph, op.reshape(graph, x, [rows, length, heads, headWidth]), [0, 2, 1, 3]);
  const keepColumns = op.reshape(graph, keep, [rows, 1, 1, length]);

  const embeddings = 'bert.embeddings';
  const words = op.embedding(graph, weight(`${embeddings}.word_embeddings.weight`), ids);
  const places = op.slice(graph, weight(`${embeddings}.position_embeddings.weight`), 0, 0, length);
  const type = op.slice(graph, weight(`${embeddings}.token_type_embeddings.weight`), 0, 0, 1);
  const embedded = op.add(graph, words, op.add(graph, places, type));
  let x = dropout(normalised(embedded, `${embeddings}.LayerNorm`));

  const hidden = [x];
  const scores: Value[] = [];
  for (let index = 0; index < config.layers; index += 1) {
    const layer = `bert.encoder.layer.${index}`;
    const [query, key, value] = ['query', 'key', 'value'].map((part) =>
      split(linear(x, `${layer}.attention.self.${part}`)),
    ) as [Value, Value, Value];
    const score = op.matmul(graph, query, key, {
      transposeB: true,
      factor: 1 / Math.sqrt(headWidth),
    });
    scores.push(score);
    const weights = dropout(normalisers[softmax](graph, score, keepColumns));
    const mixed = op.transpose(graph, op.matmul(graph, weights, value), [0, 2, 1, 3]);
    const joined = op.reshape(graph, mixed, [rows, length, width]);
    const attended = dropout(linear(joined, `${layer}.attention.output.dense`));
    x = normalised(op.add(graph, attended, x), `${layer}.attention.output.LayerNorm`);
    const wide = activations[gelu](graph, linear(x, `${layer}.intermediate.dense`));
    const narrow = dropout(linear(wide, `${layer}.output.dense`));
    x = normalised(op.add(graph, narrow, x), `${layer}.output.LayerNorm`);
    hidden.push(x);
  }

  const pooled = op.tanh(graph, linear(pool(graph, x, keep, config.pooling), 'bert.pooler.dense'));
  return { logits: linear(dropout(pooled), 'classifier'), hidden, scores };
}

/** The row that the pooler reads, [rows, hidden]: position 0, or the mean over real positions. */
function pool(graph: Graph, x: Value, keep: Value, pooling: 'cls' | 'mean'): Value {
  const [rows = 0, length = 0, width = 0] = x.shape;
  if (pooling === 'cls') return op.reshape(graph, op.slice(graph, x, 1, 0, 1), [rows, width]);
  const real = op.reshape(graph, keep, [rows, length, 1]);
  const sum = op.sum(graph, op.multiply(graph, x, real), [1]);
  return op.reshape(graph, op.divide(graph, sum, op.sum(graph, real, [1])), [rows, width]);
}

/** Names and shapes of all weights, in Hugging Face's order. */
export function bertWeightShapes(config: TextModelConfig): Map<string, readonly number[]> {
  const { hidden, ffn, labels, vocabularySize, maxPositions, typeVocabularySize } = config;
  const shapes = new Map<string, readonly number[]>();
  const linear = (name: string, out: number, inner: number): void => {
    shapes.set(`${name}.weight`, [out, inner]);
    shapes.set(`${name}.bias`, [out]);
  };
  const norm = (name: string): void => {
    shapes.set(`${name}.weight`, [hidden]);
    shapes.set(`${name}.bias`, [hidden]);
  };
  const embeddings = 'bert.embeddings';
  shapes.set(`${embeddings}.word_embeddings.weight`, [vocabularySize, hidden]);
  shapes.set(`${embeddings}.position_embeddings.weight`, [maxPositions, hidden]);
  shapes.set(`${embeddings}.token_type_embeddings.weight`, [typeVocabularySize, hidden]);
  norm(`${embeddings}.LayerNorm`);
  for (let index = 0; index < config.layers; index += 1) {
    const layer = `bert.encoder.layer.${index}`;
    for (const part of ['query', 'key', 'value']) {
      linear(`${layer}.attention.self.${part}`, hidden, hidden);
    }
    linear(`${layer}.attention.output.dense`, hidden, hidden);
    norm(`${layer}.attention.output.LayerNorm`);
    linear(`${layer}.intermediate.dense`, ffn, hidden);
    linear(`${layer}.output.dense`, hidden, ffn);
    norm(`${layer}.output.LayerNorm`);
  }
  linear('bert.pooler.dense', hidden, hidden);
  linear('classifier', labels.length, hidden);
  return shapes;
}

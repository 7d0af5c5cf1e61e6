/** What works along a row: softmax, LayerNorm, and the normalisers that replace softmax under MPC. */
import type { Graph, Value } from '../graph/graph.ts';
import { sizeAt } from '../graph/shapes.ts';
import { relu, square } from './activations.ts';
import { add, divide, multiply, scale, shift } from './elementwise.ts';
import { sum } from './shape.ts';

const rowSum = (graph: Graph, x: Value): Value => sum(graph, x, [-1]);

/** Softmax over the last axis; its gradient is y (g - sum of g y). */
export function softmax(graph: Graph, x: Value): Value {
  const y = graph.node('Softmax', [x], x.shape, { attributes: { axis: -1 } });
  return graph.record(y, [x], (gradient) => {
    const weighted = graph.node('Mul', [gradient, y], x.shape);
    const last = graph.integers([x.shape.length - 1]);
    const rows = graph.node('ReduceSum', [weighted, last], [...x.shape.slice(0, -1), 1]);
    const centred = graph.node('Sub', [gradient, rows], x.shape);
    return [graph.node('Mul', [y, centred], x.shape)];
  });
}

/** Softmax of scores, positions where `keep` is 0 left out. `keep` broadcasts to the scores. */
export function maskedSoftmax(graph: Graph, scores: Value, keep: Value | undefined): Value {
  if (keep === undefined) return softmax(graph, scores);
  return softmax(graph, add(graph, scores, scale(graph, shift(graph, keep, -1), 1e9)));
}

/** MPCFormer's shift before squaring. */
const quadShift = 5;
/** Below any sum that matters; keeps a row without a positive score at zero instead of 0 / 0. */
const reluEpsilon = 1e-6;
/** MPCViT's released code. */
const vitEpsilon = 1e-5;

/** MPCFormer's 2Quad: (x + 5)² over its row sum, masked before squaring, as the secure function does. */
export function twoQuad(graph: Graph, scores: Value, keep: Value | undefined): Value {
  const moved = shift(graph, scores, quadShift);
  const squares = square(graph, keep === undefined ? moved : multiply(graph, moved, keep));
  return divide(graph, squares, rowSum(graph, squares));
}

function normalisedRelu(graph: Graph, positive: Value, epsilon: number): Value {
  return divide(graph, positive, shift(graph, rowSum(graph, positive), epsilon));
}

/** MPCFormer's 2ReLU: ReLU(x) over its row sum. */
export function twoRelu(graph: Graph, scores: Value, keep: Value | undefined): Value {
  const positive = relu(graph, scores);
  const kept = keep === undefined ? positive : multiply(graph, positive, keep);
  return normalisedRelu(graph, kept, reluEpsilon);
}

/** MPCViT's ReLU-softmax attention (RSAttn); images have no padding. */
export const reluSoftmax = (graph: Graph, scores: Value): Value =>
  normalisedRelu(graph, relu(graph, scores), vitEpsilon);

/** MPCViT's scaling attention (ScaleAttn): scores over the number of tokens. */
export const scalingAttention = (graph: Graph, scores: Value): Value =>
  scale(graph, scores, 1 / sizeAt(scores.shape, -1));

/** MPCViT's search: alpha RSAttn + (1 - alpha) ScaleAttn, alpha [heads, 1, 1] for scores [rows, heads, n, n]. */
export function mixedAttention(graph: Graph, scores: Value, alpha: Value): Value {
  const other = add(graph, graph.scalar(1), scale(graph, alpha, -1));
  return add(
    graph,
    multiply(graph, reluSoftmax(graph, scores), alpha),
    multiply(graph, scalingAttention(graph, scores), other),
  );
}

/** LayerNorm over the last axis, gain and shift of its size; variance over n. */
export function layerNorm(
  graph: Graph,
  x: Value,
  gain: Value,
  offset: Value,
  epsilon: number,
): Value {
  const width = sizeAt(x.shape, -1);
  const column = [...x.shape.slice(0, -1), 1];
  const [y, mean, inverse] = graph.nodes(
    'LayerNormalization',
    [x, gain, offset],
    [x.shape, column, column],
    { attributes: { axis: -1, epsilon: { float: epsilon } } },
  ) as [Value, Value, Value];
  return graph.record(y, [x, gain, offset], (gradient) => {
    const node = (operator: string, a: Value, b: Value, shape = x.shape): Value =>
      graph.node(operator, [a, b], shape);
    const outer = graph.integers(x.shape.slice(0, -1).map((_, axis) => axis));
    const overRows = (value: Value): Value =>
      graph.node('ReduceSum', [value, outer], [width], { attributes: { keepdims: 0 } });
    const last = graph.integers([x.shape.length - 1]);
    const rowMean = (value: Value): Value =>
      node('Mul', graph.node('ReduceSum', [value, last], column), graph.scalar(1 / width), column);
    const normal = node('Mul', node('Sub', x, mean), inverse);
    const toX = (): Value => {
      const scaled = node('Mul', gradient, gain);
      const slope = node('Mul', normal, rowMean(node('Mul', scaled, normal)));
      return node('Mul', node('Sub', node('Sub', scaled, rowMean(scaled)), slope), inverse);
    };
    return [
      x.tracked ? toX() : undefined,
      gain.tracked ? overRows(node('Mul', gradient, normal)) : undefined,
      offset.tracked ? overRows(gradient) : undefined,
    ];
  });
}

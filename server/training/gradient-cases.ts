/** One small graph per operation, with inputs in its ordinary range, for the check of the gradients. */
import type { Graph, Value } from './graph/graph.ts';
import type { Shape } from './graph/shapes.ts';
import * as op from './operations/index.ts';

export interface GradientCase {
  readonly name: string;
  /** Shapes of the inputs that gradients are taken of; their values are normal numbers. */
  readonly shapes: readonly Shape[];
  readonly build: (graph: Graph, inputs: readonly Value[]) => Value;
  /** Makes an ordinary number out of a normal one: away from kinks and poles. */
  readonly adjust?: (value: number, input: number) => number;
}

/** Finite differences step over a kink at 0; numbers are moved away from it. */
const awayFromZero = (value: number): number => value + Math.sign(value) * 0.4;
const positive = (value: number): number => 1 + Math.abs(value);

const matrix: Shape = [3, 4];
const scores: Shape = [2, 2, 3, 5];
/** The last two of five columns are padding in the second row of the batch. */
const keep = (graph: Graph): Value =>
  graph.constant(Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0), [2, 1, 1, 5]);
const target = (graph: Graph): Value =>
  graph.constant(Float32Array.of(0.1, 0.2, 0.7, 0, 1, 0, 0, 0, 0.25, 0.25, 0.25, 0.25), matrix);

const unary = (
  name: string,
  operation: (graph: Graph, x: Value) => Value,
  adjust?: (value: number) => number,
): GradientCase => ({
  name,
  shapes: [matrix],
  build: (graph, [x]) => operation(graph, x!),
  ...(adjust === undefined ? {} : { adjust }),
});

const binary = (
  name: string,
  shapes: readonly [Shape, Shape],
  operation: (graph: Graph, a: Value, b: Value) => Value,
  adjust?: (value: number) => number,
): GradientCase => ({
  name,
  shapes,
  build: (graph, [a, b]) => operation(graph, a!, b!),
  ...(adjust === undefined ? {} : { adjust }),
});

export const gradientCases: readonly GradientCase[] = [
  binary('add', [matrix, matrix], op.add),
  binary(
    'add, broadcast',
    [
      [2, 3, 4],
      [3, 1],
    ],
    op.add,
  ),
  binary('subtract, broadcast', [matrix, [4]], op.subtract),
  binary('multiply', [matrix, matrix], op.multiply),
  binary('multiply, broadcast', [[2, 3, 4], [4]], op.multiply),
  binary('divide, broadcast', [matrix, [3, 1]], op.divide, positive),
  binary('multiply by itself', [matrix, [4]], (graph, a, b) =>
    op.add(graph, op.multiply(graph, a, a), b),
  ),
  unary('scale', (graph, x) => op.scale(graph, x, -0.75)),
  unary('shift', (graph, x) => op.shift(graph, x, 3)),
  unary('dropout', (graph, x) => {
    const mask = Float32Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 0 : 1.5));
    return op.dropout(graph, x, graph.constant(mask, matrix));
  }),
  unary('relu', op.relu, awayFromZero),
  unary('absolute', op.absolute, awayFromZero),
  unary('tanh', op.tanh),
  unary('erf', op.erf),
  unary('gelu', op.gelu),
  unary('square', op.square),
  unary('quad', op.quad),
  binary(
    'partial gelu',
    [
      [2, 3, 4],
      [3, 1],
    ],
    op.partialGelu,
  ),
  binary(
    'matmul',
    [
      [2, 3, 4],
      [2, 4, 5],
    ],
    (graph, a, b) => op.matmul(graph, a, b),
  ),
  binary(
    'matmul, a transposed',
    [
      [2, 4, 3],
      [2, 4, 5],
    ],
    (graph, a, b) => op.matmul(graph, a, b, { transposeA: true, factor: 0.5 }),
  ),
  binary(
    'matmul, b transposed',
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
    (graph, a, b) => op.matmul(graph, a, b, { transposeB: true, factor: 0.5 }),
  ),
  binary(
    'matmul, both transposed',
    [
      [4, 3],
      [5, 4],
    ],
    (graph, a, b) => op.matmul(graph, a, b, { transposeA: true, transposeB: true }),
  ),
  {
    name: 'linear',
    shapes: [[2, 3, 4], [5, 4], [5]],
    build: (graph, [x, weight, bias]) => op.linear(graph, x!, weight!, bias),
  },
  binary('linear, no bias', [matrix, [5, 4]], (graph, x, weight) => op.linear(graph, x, weight)),
  unary('reshape', (graph, x) => op.reshape(graph, x, [2, 6])),
  {
    name: 'transpose',
    shapes: [[2, 3, 4]],
    build: (graph, [x]) => op.transpose(graph, x!, [2, 0, 1]),
  },
  unary('slice', (graph, x) => op.slice(graph, x, 1, 1, 3)),
  {
    name: 'concat',
    shapes: [
      [2, 1, 3],
      [2, 4, 3],
    ],
    build: (graph, inputs) => op.concat(graph, inputs, 1),
  },
  {
    name: 'expand',
    shapes: [[1, 3, 1]],
    build: (graph, [x]) => op.expand(graph, x!, [4, 3, 2]),
  },
  unary('sum', (graph, x) => op.sum(graph, x, [-1])),
  unary('mean', (graph, x) => op.mean(graph, x, [0])),
  unary('total', op.total),
  unary('softmax', op.softmax),
  {
    name: 'softmax, masked',
    shapes: [scores],
    build: (graph, [x]) => op.maskedSoftmax(graph, x!, keep(graph)),
  },
  {
    name: '2quad, masked',
    shapes: [scores],
    build: (graph, [x]) => op.twoQuad(graph, x!, keep(graph)),
  },
  {
    name: '2relu, masked',
    shapes: [scores],
    build: (graph, [x]) => op.twoRelu(graph, x!, keep(graph)),
    adjust: awayFromZero,
  },
  {
    name: 'relu-softmax',
    shapes: [scores],
    build: (graph, [x]) => op.reluSoftmax(graph, x!),
    adjust: awayFromZero,
  },
  {
    name: 'scaling attention',
    shapes: [scores],
    build: (graph, [x]) => op.scalingAttention(graph, x!),
  },
  {
    name: 'mixed attention',
    shapes: [scores, [2, 1, 1]],
    build: (graph, [x, alpha]) => op.mixedAttention(graph, x!, alpha!),
    adjust: awayFromZero,
  },
  {
    name: 'layernorm',
    shapes: [[2, 3, 6], [6], [6]],
    build: (graph, [x, gain, offset]) => op.layerNorm(graph, x!, gain!, offset!, 1e-5),
  },
  {
    name: 'embedding',
    shapes: [[5, 3]],
    build: (graph, [table]) => {
      const ids = graph.constant(BigInt64Array.of(1n, 4n, 1n, 0n, 1n, 2n), [2, 3]);
      return op.embedding(graph, table!, ids);
    },
  },
  {
    name: 'cross-entropy, smoothed',
    shapes: [matrix],
    build: (graph, [logits]) => {
      const labels = graph.constant(BigInt64Array.of(2n, 0n, 3n), [3]);
      return op.crossEntropy(graph, logits!, labels, 0.1);
    },
  },
  unary('soft cross-entropy', (graph, x) => op.softCrossEntropy(graph, x, target(graph))),
  unary('distilled logits, temperature 2', (graph, x) =>
    op.distillLogits(graph, x, target(graph), 2),
  ),
  binary('mean squared error', [matrix, matrix], (graph, a, b) => op.meanSquaredError(graph, a, b)),
  binary('mean squared error, masked', [matrix, matrix], (graph, a, b) =>
    op.meanSquaredError(graph, a, b, graph.constant(Float32Array.of(1, 0, 1), [3, 1])),
  ),
];

/** Losses: each ends in one number, a mean over rows or elements. */
import { TrainingError } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { sameShape, sizeAt, sizeOf } from '../graph/shapes.ts';
import { square } from './activations.ts';
import { divide, multiply, scale, subtract } from './elementwise.ts';
import { softmax } from './normalise.ts';
import { total } from './shape.ts';

/**
 * Mean over rows of -sum(target log softmax(logits)); its gradient is (softmax - target) / rows.
 * @param target [rows, classes], rows adding up to 1; no gradient flows to it
 */
export function softCrossEntropy(graph: Graph, logits: Value, target: Value): Value {
  const rows = sizeOf(logits.shape) / sizeAt(logits.shape, -1);
  const logs = graph.node('LogSoftmax', [logits], logits.shape, { attributes: { axis: -1 } });
  const agreed = graph.node('Mul', [logs, target], logits.shape);
  const axes = graph.integers(logits.shape.map((_, axis) => axis));
  const sum = graph.node('ReduceSum', [agreed, axes], [], { attributes: { keepdims: 0 } });
  const loss = graph.node('Mul', [sum, graph.scalar(-1 / rows)], []);
  return graph.record(loss, [logits], (gradient) => {
    const share = graph.node('Softmax', [logits], logits.shape, { attributes: { axis: -1 } });
    const difference = graph.node('Sub', [share, target], logits.shape);
    const scaled = graph.node('Mul', [gradient, graph.scalar(1 / rows)], []);
    return [graph.node('Mul', [difference, scaled], logits.shape)];
  });
}

/**
 * Cross-entropy against labels, smoothed: the label's share is 1 - smoothing + smoothing / classes.
 * @param labels int64 [rows]
 */
export function crossEntropy(graph: Graph, logits: Value, labels: Value, smoothing = 0): Value {
  const classes = sizeAt(logits.shape, -1);
  if (labels.type !== 'int64' || !sameShape(labels.shape, logits.shape.slice(0, -1))) {
    throw new TrainingError(
      'graph',
      `cross-entropy: labels must be int64 [${logits.shape.slice(0, -1).join(', ')}], not ${labels.type} [${labels.shape.join(', ')}].`,
    );
  }
  const other = smoothing / classes;
  const values = graph.constant(Float32Array.of(other, 1 - smoothing + other), [2]);
  const target = graph.node('OneHot', [labels, graph.integers([classes]), values], logits.shape, {
    attributes: { axis: -1 },
  });
  return softCrossEntropy(graph, logits, target);
}

/** Soft cross-entropy against a teacher's logits at a temperature; the teacher learns nothing. */
export function distillLogits(
  graph: Graph,
  student: Value,
  teacher: Value,
  temperature = 1,
): Value {
  const target = softmax(graph, graph.detach(scale(graph, teacher, 1 / temperature)));
  return softCrossEntropy(graph, scale(graph, student, 1 / temperature), target);
}

/**
 * Mean squared difference. With `weights`, which broadcast to the difference, elements of weight 0 are
 * left out of the sum and of the mean alike.
 */
export function meanSquaredError(graph: Graph, a: Value, b: Value, weights?: Value): Value {
  if (!sameShape(a.shape, b.shape)) {
    throw new TrainingError(
      'graph',
      `mean squared error: [${a.shape.join(', ')}] against [${b.shape.join(', ')}]; a student's shapes must be its teacher's.`,
    );
  }
  const squares = square(graph, subtract(graph, a, b));
  if (weights === undefined) return scale(graph, total(graph, squares), 1 / sizeOf(a.shape));
  const repeated = sizeOf(a.shape) / sizeOf(weights.shape);
  const count = scale(graph, total(graph, graph.detach(weights)), repeated);
  return divide(graph, total(graph, multiply(graph, squares, weights)), count);
}

/** Functions of one element, exact ones and those that replace them under MPC. */
import type { Graph, Value } from '../graph/graph.ts';
import { add, multiply, scale, shift, subtract } from './elementwise.ts';

const unary = (graph: Graph, operator: string, x: Value): Value =>
  graph.node(operator, [x], x.shape);
const times = (graph: Graph, a: Value, b: Value): Value => graph.node('Mul', [a, b], a.shape);

export function relu(graph: Graph, x: Value): Value {
  return graph.record(unary(graph, 'Relu', x), [x], (gradient) => {
    const positive = graph.node('Greater', [x, graph.scalar(0)], x.shape, { type: 'bool' });
    return [graph.node('Where', [positive, gradient, graph.scalar(0)], x.shape)];
  });
}

export function tanh(graph: Graph, x: Value): Value {
  const y = unary(graph, 'Tanh', x);
  return graph.record(y, [x], (gradient) => {
    const slope = graph.node('Sub', [graph.scalar(1), times(graph, y, y)], x.shape);
    return [times(graph, gradient, slope)];
  });
}

export function erf(graph: Graph, x: Value): Value {
  return graph.record(unary(graph, 'Erf', x), [x], (gradient) => {
    const bell = unary(graph, 'Exp', unary(graph, 'Neg', times(graph, x, x)));
    return [times(graph, gradient, scale(graph, bell, 2 / Math.sqrt(Math.PI)))];
  });
}

/** x (1 + erf(x / sqrt 2)) / 2, fused in the forward pass; its slope is Phi(x) + x phi(x). */
export function gelu(graph: Graph, x: Value): Value {
  const y = graph.node('Gelu', [x], x.shape, { domain: 'com.microsoft' });
  return graph.record(y, [x], (gradient) => {
    const half = scale(graph, unary(graph, 'Erf', scale(graph, x, Math.SQRT1_2)), 0.5);
    const bell = unary(graph, 'Exp', scale(graph, times(graph, x, x), -0.5));
    const slope = times(graph, x, scale(graph, bell, 1 / Math.sqrt(2 * Math.PI)));
    return [times(graph, gradient, add(graph, shift(graph, half, 0.5), slope))];
  });
}

export function square(graph: Graph, x: Value): Value {
  return graph.record(times(graph, x, x), [x], (gradient) => [
    times(graph, gradient, scale(graph, x, 2)),
  ]);
}

export function absolute(graph: Graph, x: Value): Value {
  return graph.record(unary(graph, 'Abs', x), [x], (gradient) => [
    times(graph, gradient, unary(graph, 'Sign', x)),
  ]);
}

/** MPCFormer's Quad in place of GeLU: x²/8 + x/4 + 1/2, as ((x + 1)² + 3) / 8. */
export function quad(graph: Graph, x: Value): Value {
  const moved = shift(graph, graph.detach(x), 1);
  const y = scale(graph, shift(graph, times(graph, moved, moved), 3), 0.125);
  const output = { ...y, tracked: x.tracked };
  return graph.record(output, [x], (gradient) => [
    times(graph, gradient, scale(graph, moved, 0.25)),
  ]);
}

/** MPCViT+: beta GeLU(x) + (1 - beta) x, with one beta per token or per layer that broadcasts to x. */
export const partialGelu = (graph: Graph, x: Value, beta: Value): Value =>
  add(graph, x, multiply(graph, beta, subtract(graph, gelu(graph, x), x)));

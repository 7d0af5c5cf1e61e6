/** Element-wise arithmetic with broadcasting; a gradient is summed over the axes that were stretched. */
import type { Graph, Value } from '../graph/graph.ts';
import { broadcast, sameShape, stretchedAxes, type Shape } from '../graph/shapes.ts';

/** Sums a gradient down to the shape of the operand that was broadcast. */
export function sumTo(graph: Graph, gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const axes = stretchedAxes(gradient.shape, shape);
  const kept = gradient.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const summed = graph.node('ReduceSum', [gradient, graph.integers(axes)], kept, {
    attributes: { keepdims: 1 },
  });
  if (sameShape(kept, shape)) return summed;
  const target = graph.constant(BigInt64Array.from(shape, BigInt), [shape.length]);
  return graph.node('Reshape', [summed, target], shape);
}

/** An operator on two broadcast operands, without a gradient. */
const raw = (graph: Graph, operator: string, a: Value, b: Value): Value =>
  graph.node(operator, [a, b], broadcast(a.shape, b.shape, operator));

export function add(graph: Graph, a: Value, b: Value): Value {
  return graph.record(raw(graph, 'Add', a, b), [a, b], (gradient) => [
    a.tracked ? sumTo(graph, gradient, a.shape) : undefined,
    b.tracked ? sumTo(graph, gradient, b.shape) : undefined,
  ]);
}

export function subtract(graph: Graph, a: Value, b: Value): Value {
  return graph.record(raw(graph, 'Sub', a, b), [a, b], (gradient) => [
    a.tracked ? sumTo(graph, gradient, a.shape) : undefined,
    b.tracked ? sumTo(graph, graph.node('Neg', [gradient], gradient.shape), b.shape) : undefined,
  ]);
}

export function multiply(graph: Graph, a: Value, b: Value): Value {
  return graph.record(raw(graph, 'Mul', a, b), [a, b], (gradient) => [
    a.tracked ? sumTo(graph, raw(graph, 'Mul', gradient, b), a.shape) : undefined,
    b.tracked ? sumTo(graph, raw(graph, 'Mul', gradient, a), b.shape) : undefined,
  ]);
}

export function divide(graph: Graph, a: Value, b: Value): Value {
  const quotient = raw(graph, 'Div', a, b);
  return graph.record(quotient, [a, b], (gradient) => {
    const overB = raw(graph, 'Div', gradient, b);
    const toB = (): Value => raw(graph, 'Mul', graph.node('Neg', [overB], overB.shape), quotient);
    return [
      a.tracked ? sumTo(graph, overB, a.shape) : undefined,
      b.tracked ? sumTo(graph, toB(), b.shape) : undefined,
    ];
  });
}

/** x times a number. */
export const scale = (graph: Graph, x: Value, factor: number): Value =>
  multiply(graph, x, graph.scalar(factor));

/** x plus a number. */
export const shift = (graph: Graph, x: Value, offset: number): Value =>
  add(graph, x, graph.scalar(offset));

/**
 * Dropout by a mask that is fed: 0 where dropped, 1 / (1 - rate) where kept. Masks are drawn outside the
 * graph (random.ts), from the seed and the step, so that a resumed training draws the same.
 */
export const dropout = (graph: Graph, x: Value, mask: Value): Value => multiply(graph, x, mask);

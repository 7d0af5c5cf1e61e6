/** Operations that only move numbers: reshape, transpose, slice, and the sums over axes. */
import type { Graph, Value } from '../graph/graph.ts';
import { axisOf, sizeAt, sizeOf, type Shape } from '../graph/shapes.ts';
import { TrainingError } from '../errors.ts';
import { scale, sumTo } from './elementwise.ts';

export function reshape(graph: Graph, x: Value, shape: Shape): Value {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new TrainingError(
      'graph',
      `reshape: [${x.shape.join(', ')}] has ${sizeOf(x.shape)} elements, [${shape.join(', ')}] ${sizeOf(shape)}.`,
    );
  }
  const y = graph.node('Reshape', [x, graph.integers(shape)], shape);
  return graph.record(y, [x], (gradient) => [
    graph.node('Reshape', [gradient, graph.integers(x.shape)], x.shape),
  ]);
}

/** Axis k of the result is axis `order[k]` of x. */
export function transpose(graph: Graph, x: Value, order: readonly number[]): Value {
  if (order.length !== x.shape.length || new Set(order).size !== order.length) {
    throw new TrainingError(
      'graph',
      `transpose: [${order.join(', ')}] is no order of the ${x.shape.length} axes.`,
    );
  }
  const permute = (value: Value, perm: readonly number[]): Value =>
    graph.node(
      'Transpose',
      [value],
      perm.map((axis) => sizeAt(value.shape, axis)),
      { attributes: { perm } },
    );
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return graph.record(permute(x, order), [x], (gradient) => [permute(gradient, inverse)]);
}

/** Positions start to end (exclusive) of one axis; the gradient is zero elsewhere. */
export function slice(graph: Graph, x: Value, axis: number, start: number, end: number): Value {
  const at = axisOf(x.shape, axis);
  const size = x.shape[at]!;
  if (!(start >= 0 && start < end && end <= size)) {
    throw new TrainingError(
      'graph',
      `slice: ${start} to ${end} is not within axis ${axis} of size ${size}.`,
    );
  }
  const shape = x.shape.map((length, index) => (index === at ? end - start : length));
  const bounds = [[start], [end], [at]].map((values) => graph.integers(values));
  return graph.record(graph.node('Slice', [x, ...bounds], shape), [x], (gradient) => {
    const before = x.shape.map((_, index) => (index === at ? start : 0));
    const after = x.shape.map((_, index) => (index === at ? size - end : 0));
    return [graph.node('Pad', [gradient, graph.integers([...before, ...after])], x.shape)];
  });
}

/** Tensors side by side along one axis; all other axes must agree. */
export function concat(graph: Graph, parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  if (first === undefined) throw new TrainingError('graph', 'concat: give at least one tensor.');
  const at = axisOf(first.shape, axis);
  const others = (shape: Shape): string => shape.map((n, k) => (k === at ? '-' : n)).join(', ');
  const odd = parts.find(({ shape }) => others(shape) !== others(first.shape));
  if (odd !== undefined) {
    throw new TrainingError(
      'graph',
      `concat along axis ${axis}: [${first.shape.join(', ')}] and [${odd.shape.join(', ')}] differ elsewhere.`,
    );
  }
  const length = parts.reduce((total, { shape }) => total + shape[at]!, 0);
  const shape = first.shape.map((size, index) => (index === at ? length : size));
  const joined = graph.node('Concat', parts, shape, { attributes: { axis: at } });
  return graph.record(joined, parts, (gradient) => {
    let start = 0;
    return parts.map((part) => {
      const from = start;
      start += part.shape[at]!;
      if (!part.tracked) return undefined;
      const bounds = [[from], [start], [at]].map((values) => graph.integers(values));
      return graph.node('Slice', [gradient, ...bounds], part.shape);
    });
  });
}

/** x repeated along axes of size 1 to a wider shape. */
export function expand(graph: Graph, x: Value, shape: Shape): Value {
  const y = graph.node('Expand', [x, graph.integers(shape)], shape);
  return graph.record(y, [x], (gradient) => [sumTo(graph, gradient, x.shape)]);
}

/** The sum over some axes, which stay with size 1. */
export function sum(graph: Graph, x: Value, axes: readonly number[]): Value {
  const at = axes.map((axis) => axisOf(x.shape, axis));
  const shape = x.shape.map((size, axis) => (at.includes(axis) ? 1 : size));
  const y = graph.node('ReduceSum', [x, graph.integers(at)], shape, {
    attributes: { keepdims: 1 },
  });
  return graph.record(y, [x], (gradient) => [
    graph.node('Expand', [gradient, graph.integers(x.shape)], x.shape),
  ]);
}

/** The mean over some axes, which stay with size 1. */
export function mean(graph: Graph, x: Value, axes: readonly number[]): Value {
  const count = axes.reduce((product, axis) => product * sizeAt(x.shape, axis), 1);
  return scale(graph, sum(graph, x, axes), 1 / count);
}

/** The sum of all elements, as one number. */
export function total(graph: Graph, x: Value): Value {
  const all = x.shape.map((_, axis) => axis);
  return x.shape.length === 0 ? x : reshape(graph, sum(graph, x, all), []);
}

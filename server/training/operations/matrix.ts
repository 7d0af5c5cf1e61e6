/** Products of matrices, and the linear layer in Hugging Face's layout. */
import { TrainingError } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { sameShape, sizeAt, sizeOf } from '../graph/shapes.ts';

export interface ProductOptions {
  /** The last two axes of a (or b) are swapped first. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** The product is multiplied by it. */
  readonly factor?: number;
}

/**
 * factor x op(a) op(b) over the last two axes; all axes before them must agree.
 *
 * Transposing and scaling are part of the one operator, so no copy is made for either.
 */
export function matmul(
  graph: Graph,
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false, factor = 1 }: ProductOptions = {},
): Value {
  const rows = sizeAt(a.shape, transposeA ? -1 : -2);
  const inner = sizeAt(a.shape, transposeA ? -2 : -1);
  const columns = sizeAt(b.shape, transposeB ? -2 : -1);
  const outer = a.shape.slice(0, -2);
  const innerB = sizeAt(b.shape, transposeB ? -1 : -2);
  if (inner !== innerB || !sameShape(outer, b.shape.slice(0, -2))) {
    throw new TrainingError(
      'graph',
      `matmul: [${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not fit (inner sizes ${inner} and ${innerB}).`,
    );
  }
  const product = graph.node('FusedMatMul', [a, b], [...outer, rows, columns], {
    domain: 'com.microsoft',
    attributes: {
      alpha: { float: factor },
      transA: Number(transposeA),
      transB: Number(transposeB),
    },
  });
  return graph.record(product, [a, b], (gradient) => {
    const toA = (): Value =>
      transposeA
        ? matmul(graph, b, gradient, { transposeA: transposeB, transposeB: true, factor })
        : matmul(graph, gradient, b, { transposeB: !transposeB, factor });
    const toB = (): Value =>
      transposeB
        ? matmul(graph, gradient, a, { transposeA: true, transposeB: transposeA, factor })
        : matmul(graph, a, gradient, { transposeA: !transposeA, factor });
    return [a.tracked ? toA() : undefined, b.tracked ? toB() : undefined];
  });
}

const gemm = (
  graph: Graph,
  inputs: readonly Value[],
  shape: readonly number[],
  transA: number,
  transB: number,
): Value => graph.node('Gemm', inputs, shape, { attributes: { transA, transB } });

/** The same numbers under another shape, outside the tape. */
const view = (graph: Graph, x: Value, shape: readonly number[]): Value =>
  sameShape(x.shape, shape) ? x : graph.node('Reshape', [x, graph.integers(shape)], shape);

/**
 * x W^T + bias over the last axis of x.
 * @param weight [out, in], as Hugging Face stores it
 * @param bias   [out], or undefined
 */
export function linear(graph: Graph, x: Value, weight: Value, bias?: Value): Value {
  const [out = 0, inner = 0] = weight.shape;
  if (sizeAt(x.shape, -1) !== inner || (bias !== undefined && sizeOf(bias.shape) !== out)) {
    throw new TrainingError(
      'graph',
      `linear: x [${x.shape.join(', ')}] does not fit weight [${weight.shape.join(', ')}] or its bias.`,
    );
  }
  const rows = sizeOf(x.shape) / inner;
  const flat = view(graph, x, [rows, inner]);
  const operands = bias === undefined ? [flat, weight] : [flat, weight, bias];
  const product = gemm(graph, operands, [rows, out], 0, 1);
  const y = view(graph, product, [...x.shape.slice(0, -1), out]);
  return graph.record(y, bias === undefined ? [x, weight] : [x, weight, bias], (gradient) => {
    const dy = view(graph, gradient, [rows, out]);
    const toX = (): Value => view(graph, gemm(graph, [dy, weight], [rows, inner], 0, 0), x.shape);
    const toBias = (): Value =>
      graph.node('ReduceSum', [dy, graph.integers([0])], [out], { attributes: { keepdims: 0 } });
    return [
      x.tracked ? toX() : undefined,
      weight.tracked ? gemm(graph, [dy, flat], [out, inner], 1, 0) : undefined,
      bias?.tracked === true ? toBias() : undefined,
    ];
  });
}

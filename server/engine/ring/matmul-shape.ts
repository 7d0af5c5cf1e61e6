/** Shapes of batched matrix products, in one place for every protocol and for the price. */
import { EngineError } from '../errors.ts';
import type { MatmulShape } from './kernels.ts';
import { elementCount, sameShape, showShape, type Shape } from './tensor.ts';

/**
 * x [..., m, k] times y [..., k, n], or times one y [k, n] for the whole batch. A shared y turns
 * the batch into more rows, which is one large product instead of many small ones.
 */
export function matmulShapes(x: Shape, y: Shape): { out: Shape; kernel: MatmulShape } {
  const m = x.at(-2);
  const k = x.at(-1);
  const n = y.at(-1);
  const batch = x.slice(0, -2);
  const shared = y.length === 2;
  if (m === undefined || k === undefined || n === undefined || y.at(-2) !== k) {
    throw new EngineError('shape', `matmul: ${showShape(x)} times ${showShape(y)}`);
  }
  if (!shared && !sameShape(batch, y.slice(0, -2))) {
    throw new EngineError('shape', `matmul: batches of ${showShape(x)} and ${showShape(y)} differ`);
  }
  const count = elementCount(batch);
  const kernel = shared
    ? { batch: 1, yBatch: 1, m: count * m, k, n }
    : { batch: count, yBatch: count, m, k, n };
  return { out: [...batch, m, n], kernel };
}

/** Batched float64 matrix products, row-major. Indices are in range by construction, hence the `!`. */
import type { MatmulShape } from '../../ring/kernels.ts';

/**
 * out = x [batch, m, k] times y [yBatch, k, n]. Rows that are mostly zeros, as one-hot rows are, take the
 * rows of y that they name; all others go against the columns of y.
 */
export function multiplyMatrices(
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
  { batch, yBatch, m, k, n }: MatmulShape,
): void {
  let columns: Float64Array | null = null;
  for (let b = 0; b < batch; b += 1) {
    const left = x.subarray(b * m * k, (b + 1) * m * k);
    const right = y.subarray((yBatch === 1 ? 0 : b) * k * n, (yBatch === 1 ? 1 : b + 1) * k * n);
    const target = out.subarray(b * m * n, (b + 1) * m * n);
    if (isSparse(left)) {
      multiplySparse(left, right, target, m, k, n);
      continue;
    }
    if (columns === null || yBatch > 1) columns = transposed(right, k, n);
    multiplyDense(left, columns, target, m, k, n);
  }
}

/** Below it the rows of y are read one by one. */
const sparsePart = 1 / 16;

function isSparse(values: Float64Array): boolean {
  let filled = 0;
  for (const value of values) if (value !== 0) filled += 1;
  return filled < values.length * sparsePart;
}

function transposed(y: Float64Array, k: number, n: number): Float64Array {
  const out = new Float64Array(y.length);
  for (let row = 0; row < k; row += 1) {
    for (let column = 0; column < n; column += 1) out[column * k + row] = y[row * n + column]!;
  }
  return out;
}

function multiplySparse(
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  out.fill(0);
  for (let row = 0; row < m; row += 1) {
    for (let at = 0; at < k; at += 1) {
      const factor = x[row * k + at]!;
      if (factor === 0) continue;
      for (let column = 0; column < n; column += 1) {
        out[row * n + column]! += factor * y[at * n + column]!;
      }
    }
  }
}

/** Two rows by two columns at a time: four loads feed four sums. */
function multiplyDense(
  x: Float64Array,
  columns: Float64Array,
  out: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  for (let row = 0; row < m; row += 2) {
    const nextRow = Math.min(row + 1, m - 1);
    const x0 = x.subarray(row * k, (row + 1) * k);
    const x1 = x.subarray(nextRow * k, (nextRow + 1) * k);
    for (let column = 0; column < n; column += 2) {
      const nextColumn = Math.min(column + 1, n - 1);
      const y0 = columns.subarray(column * k, (column + 1) * k);
      const y1 = columns.subarray(nextColumn * k, (nextColumn + 1) * k);
      let [s00, s01, s10, s11] = [0, 0, 0, 0];
      for (let at = 0; at < k; at += 1) {
        const a = x0[at]!;
        const b = x1[at]!;
        const c = y0[at]!;
        const d = y1[at]!;
        s00 += a * c;
        s01 += a * d;
        s10 += b * c;
        s11 += b * d;
      }
      // At an odd edge the same number is written twice.
      out[row * n + column] = s00;
      out[row * n + nextColumn] = s01;
      out[nextRow * n + column] = s10;
      out[nextRow * n + nextColumn] = s11;
    }
  }
}

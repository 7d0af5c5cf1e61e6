/**
 * The float64 operations of the reference BERT: linear, LayerNorm, erf GELU, attention.
 *
 * Matrices are row-major Float64Array, one row per position; `n` positions, `d` hidden width. Indices
 * are in range by construction, hence the `!` after each element.
 */
import { gelu as geluOf } from '../engine/approximations/erf.ts';

/** y = x W^T + b, with W kept as it is stored: one row per output. */
export type Linear = {
  readonly rows: number;
  readonly weight: Float64Array;
  readonly bias: Float64Array;
};

/** The parameters of a LayerNorm, `d` of each. */
export type Norm = { readonly gain: Float64Array; readonly shift: Float64Array };

/** Rows of a row-major matrix as views. */
function rowViews(matrix: Float64Array, columns: number): Float64Array[] {
  const views: Float64Array[] = [];
  for (let at = 0; at < matrix.length; at += columns) views.push(matrix.subarray(at, at + columns));
  return views;
}

/**
 * [n, columns] x [rows, columns]^T + bias = [n, rows].
 *
 * Four positions by two outputs at a time: six loads feed eight independent sums, half as fast again
 * as the plain loop. Where n or rows is ragged, the block repeats the last position or output.
 */
export function applyLinear(x: Float64Array, { rows, weight, bias }: Linear): Float64Array {
  const columns = weight.length / rows;
  const inputs = rowViews(x, columns);
  const weights = rowViews(weight, columns);
  const n = inputs.length;
  const y = new Float64Array(n * rows);
  for (let row = 0; row < rows; row += 2) {
    const nextRow = Math.min(row + 1, rows - 1);
    const u = weights[row]!;
    const v = weights[nextRow]!;
    for (let i = 0; i < n; i += 4) {
      const at = [
        i,
        Math.min(i + 1, n - 1),
        Math.min(i + 2, n - 1),
        Math.min(i + 3, n - 1),
      ] as const;
      const x0 = inputs[at[0]]!;
      const x1 = inputs[at[1]]!;
      const x2 = inputs[at[2]]!;
      const x3 = inputs[at[3]]!;
      let u0 = bias[row]!;
      let u1 = u0;
      let u2 = u0;
      let u3 = u0;
      let v0 = bias[nextRow]!;
      let v1 = v0;
      let v2 = v0;
      let v3 = v0;
      for (let k = 0; k < columns; k += 1) {
        const uk = u[k]!;
        const vk = v[k]!;
        u0 += x0[k]! * uk;
        u1 += x1[k]! * uk;
        u2 += x2[k]! * uk;
        u3 += x3[k]! * uk;
        v0 += x0[k]! * vk;
        v1 += x1[k]! * vk;
        v2 += x2[k]! * vk;
        v3 += x3[k]! * vk;
      }
      // Where indices repeat, so do the values: the same number is written twice.
      y[at[0] * rows + row] = u0;
      y[at[1] * rows + row] = u1;
      y[at[2] * rows + row] = u2;
      y[at[3] * rows + row] = u3;
      y[at[0] * rows + nextRow] = v0;
      y[at[1] * rows + nextRow] = v1;
      y[at[2] * rows + nextRow] = v2;
      y[at[3] * rows + nextRow] = v3;
    }
  }
  return y;
}

/** Each row of x + residual to mean 0, variance 1 (over n, not n - 1), then gain and shift. */
export function addAndNormalise(
  x: Float64Array,
  residual: Float64Array | undefined,
  { gain, shift }: Norm,
  epsilon: number,
): Float64Array {
  const d = gain.length;
  const y = residual === undefined ? x.slice() : x.map((value, index) => value + residual[index]!);
  for (let start = 0; start < y.length; start += d) {
    const row = y.subarray(start, start + d);
    const mean = row.reduce((sum, value) => sum + value, 0) / d;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d;
    const scale = 1 / Math.sqrt(variance + epsilon);
    for (let k = 0; k < d; k += 1) row[k] = (row[k]! - mean) * scale * gain[k]! + shift[k]!;
  }
  return y;
}

export function gelu(x: Float64Array): Float64Array {
  return x.map(geluOf);
}

/** MPCFormer's Quad, for students that were distilled with it. */
export function quad(x: Float64Array): Float64Array {
  return x.map((value) => 0.125 * value * value + 0.25 * value + 0.5);
}

/** Scores of one row to weights that add up to 1, in place; a hidden position has the score -Infinity. */
export type RowWeights = (scores: Float64Array) => void;

function overSum(scores: Float64Array): void {
  const total = scores.reduce((sum, value) => sum + value, 0);
  // 2ReLU without a positive score: zeros, as in the secure function.
  if (total > 0) scores.forEach((value, j) => (scores[j] = value / total));
}

export const rowWeights: Readonly<Record<'exact' | '2quad' | '2relu', RowWeights>> = {
  exact: (scores) => {
    const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    scores.forEach((score, j) => (scores[j] = Math.exp(score - highest)));
    overSum(scores);
  },
  '2quad': (scores) => {
    scores.forEach((score, j) => (scores[j] = score === -Infinity ? 0 : (score + 5) ** 2));
    overSum(scores);
  },
  '2relu': (scores) => {
    scores.forEach((score, j) => (scores[j] = Math.max(score, 0)));
    overSum(scores);
  },
};

/** weights(q k^T / sqrt(head width) + mask) v for every head; [n, d] to [n, d]. */
export function attend(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  mask: Uint8Array,
  heads: number,
  weigh: RowWeights = rowWeights.exact,
): Float64Array {
  const n = mask.length;
  const d = q.length / n;
  const width = d / heads;
  const mixed = new Float64Array(n * d);
  const scores = new Float64Array(n);
  for (let column = 0; column < d; column += width) {
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        let dot = 0;
        for (let t = column; t < column + width; t += 1) dot += q[i * d + t]! * k[j * d + t]!;
        scores[j] = mask[j] === 1 ? dot / Math.sqrt(width) : -Infinity;
      }
      weigh(scores);
      for (let j = 0; j < n; j += 1) {
        const share = scores[j]!;
        for (let t = column; t < column + width; t += 1) mixed[i * d + t]! += share * v[j * d + t]!;
      }
    }
  }
  return mixed;
}

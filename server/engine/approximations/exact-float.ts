/** The exact functions on decoded values: only in `clear`, as the reference of every loss. */
import { EngineError } from '../errors.ts';
import type { FloatEscape, Protocol } from '../protocol.ts';
import type { ElementFunction, SoftmaxFunction } from './function.ts';

function floatOf(mpc: Protocol): FloatEscape {
  if (mpc.float === undefined) {
    throw new EngineError('plan', `exact-float needs protocol clear, not ${mpc.name}`);
  }
  return mpc.float;
}

/** Error function to 1.2e-7: Numerical Recipes' Chebyshev fit of erfc. */
export function erf(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ];
  const exponent = series.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const complement = t * Math.exp(-x * x + exponent);
  return x >= 0 ? 1 - complement : complement - 1;
}

export const geluExactFloat: ElementFunction<'exact-float'> = {
  id: 'exact-float',
  title: 'Exact GeLU',
  description: '0.5 x (1 + erf(x / sqrt 2)) in floating point.',
  source: 'Hendrycks and Gimpel 2016',
  evaluate: async (mpc, x) =>
    floatOf(mpc)(x, (values) => values.map((v) => 0.5 * v * (1 + erf(v / Math.SQRT2)))),
};

export const softmaxExactFloat: SoftmaxFunction<'exact-float'> = {
  id: 'exact-float',
  title: 'Exact softmax',
  description: 'Softmax in floating point.',
  source: null,
  evaluate: async (mpc, scores, keep) => {
    const columns = scores.shape.at(-1) ?? 1;
    const keepScale = 2 ** mpc.ring.fractionBits;
    let kept = new Float64Array();
    floatOf(mpc)(keep, (values) => {
      kept = values.map((v) => v * keepScale);
      return values;
    });
    return floatOf(mpc)(scores, (values) => softmaxRows(values, kept, columns));
  },
};

function softmaxRows(scores: Float64Array, keep: Float64Array, columns: number): Float64Array {
  const out = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += columns) {
    let max = -Infinity;
    for (let i = row; i < row + columns; i++) {
      if (keep[i] === 1) max = Math.max(max, scores[i] ?? 0);
    }
    let total = 0;
    for (let i = row; i < row + columns; i++) {
      out[i] = keep[i] === 1 ? Math.exp((scores[i] ?? 0) - max) : 0;
      total += out[i] ?? 0;
    }
    for (let i = row; i < row + columns; i++) out[i] = total === 0 ? 0 : (out[i] ?? 0) / total;
  }
  return out;
}

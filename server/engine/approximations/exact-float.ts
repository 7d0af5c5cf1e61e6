/** The exact functions on decoded values: only in `clear`, as the reference of every loss. */
import { EngineError } from '../errors.ts';
import { gelu } from './erf.ts';
import type { FloatEscape, Protocol } from '../protocol.ts';
import { elementCount } from '../ring/tensor.ts';
import type { ElementFunction, SoftmaxFunction } from './function.ts';

function floatOf(mpc: Protocol): FloatEscape {
  if (mpc.float === undefined) {
    throw new EngineError('plan', `exact-float needs protocol clear, not ${mpc.name}`);
  }
  return mpc.float;
}

export const geluExactFloat: ElementFunction<'exact-float'> = {
  id: 'exact-float',
  title: 'Exact GeLU',
  description: '0.5 x (1 + erf(x / sqrt 2)) in floating point.',
  source: 'Hendrycks and Gimpel 2016',
  evaluate: async (mpc, x) => floatOf(mpc)(x, (values) => values.map(gelu)),
};

export const siluExactFloat: ElementFunction<'exact-float'> = {
  id: 'exact-float',
  title: 'Exact SiLU',
  description: 'x / (1 + exp(-x)) in floating point.',
  source: 'Elfwing, Uchibe, Doya 2018',
  evaluate: async (mpc, x) =>
    floatOf(mpc)(x, (values) => values.map((value) => value / (1 + Math.exp(-value)))),
};

export const softmaxExactFloat: SoftmaxFunction<'exact-float'> = {
  id: 'exact-float',
  title: 'Exact softmax',
  description: 'Softmax in floating point.',
  source: null,
  evaluate: async (mpc, scores, keep) => {
    const columns = scores.shape.at(-1) ?? 1;
    const keepScale = 2 ** mpc.ring.fractionBits;
    let kept = new Float64Array(elementCount(scores.shape)).fill(1);
    if (keep !== null) {
      floatOf(mpc)(keep, (values) => {
        kept = values.map((v) => v * keepScale);
        return values;
      });
    }
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

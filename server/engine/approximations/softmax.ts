/**
 * Softmax over the last axis, in the forms that the papers compare.
 *
 * Padding: exponentials get a large negative bias, 2Quad clears the position before squaring.
 * The papers subtract an epsilon of 1e-6 after the maximum; it is less than half a unit of 2^-18,
 * so it is left out.
 */
import { relu, rowMax } from '../circuits/compare.ts';
import { encodeScalar } from '../fixed-point.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { rowSum, scaleRows } from './fixed.ts';
import type { SoftmaxFunction } from './function.ts';
import { divideByColumn, reciprocalUpTo } from './normalise.ts';
import { exp } from './spu/exp.ts';

/**
 * Added to padded positions. Scores of real models reach 70 in size, also at padding; the series
 * (1 + x/256)^256 vanishes down to x = -512, which bounds the bias from below.
 */
const paddingBias = -256;
/** Below it the exponential is less than one unit of 2^-18 (PUMA section 4.2). */
const clipBelow = -14;
/** Added before squaring (MPCFormer section 4.1). */
export const quadShift = 5;

/** Scores with padding pushed far below. */
export function biased(mpc: Protocol, scores: AShare, keep: AShare | null): AShare {
  if (keep === null) return scores;
  const bias = mpc.addFixed(mpc.scale(keep, encodeScalar(mpc.ring, -paddingBias)), paddingBias);
  return mpc.add(scores, bias);
}

/** x minus its row maximum. */
async function shifted(mpc: Protocol, scores: AShare, keep: AShare | null): Promise<AShare> {
  const masked = biased(mpc, scores, keep);
  return mpc.sub(masked, await rowMax(mpc.at('max'), masked));
}

/** Padding set to 0. */
export async function cleared(mpc: Protocol, x: AShare, keep: AShare | null): Promise<AShare> {
  return keep === null ? x : mpc.mul(x, keep);
}

/** Over the row sum, of numerators up to 1 of which one is 1. */
async function normalised(mpc: Protocol, numerators: AShare): Promise<AShare> {
  const columns = numerators.shape.at(-1) ?? 1;
  const total = rowSum(mpc, numerators);
  const inverse = await reciprocalUpTo(mpc.at('reciprocal'), total, columns);
  return scaleRows(mpc, numerators, inverse);
}

/** 0 below -14, for x of which a row's largest is 0. */
async function clippedExp(mpc: Protocol, x: AShare, squarings: number): Promise<AShare> {
  const [below, power] = await mpc.together([
    (branch) => branch.msb(branch.addFixed(x, -clipBelow)),
    (branch) => exp(branch, x, squarings),
  ]);
  return mpc.bitMul(mpc.xorPublic(below, 1n), power);
}

/** e^x for x in [-14, 0], 0 below; one operation where the variant has one. */
export async function exponential(mpc: Protocol, x: AShare): Promise<AShare> {
  return mpc.exponential === null ? clippedExp(mpc, x, 8) : mpc.exponential(x);
}

export const softmaxPuma: SoftmaxFunction<'puma'> = {
  id: 'puma',
  title: 'PUMA softmax',
  description: 'Row maximum, (1 + x/32)^32 clipped to 0 below -14, one reciprocal per row.',
  source: 'PUMA (Dong et al. 2023), section 4.2, Algorithm 2',
  evaluate: async (mpc, scores, keep) => {
    const x = await shifted(mpc, scores, keep);
    return normalised(mpc, await clippedExp(mpc.at('exp'), x, 5));
  },
};

export const softmaxExponential: SoftmaxFunction<'exponential'> = {
  id: 'exponential',
  title: 'Softmax',
  description:
    'The function itself: row maximum, e^x clipped to 0 below -14, one reciprocal per row. In the fast variants e^x is one operation, right to 2e-6 of itself; elsewhere (1 + x/256)^256.',
  source: null,
  evaluate: async (mpc, scores, keep) => {
    const x = await shifted(mpc, scores, keep);
    return normalised(mpc, await exponential(mpc.at('exp'), x));
  },
};

export const softmaxSeries: SoftmaxFunction<'series'> = {
  id: 'series',
  title: 'Softmax by series',
  description: 'The exact function: row maximum, (1 + x/256)^256, one reciprocal per row.',
  source: 'SPU 0.5.0, exponential in Taylor mode with 8 squarings',
  evaluate: async (mpc, scores, keep) => {
    const x = await shifted(mpc, scores, keep);
    return normalised(mpc, await exp(mpc.at('exp'), x, 8));
  },
};

export const softmax2Quad: SoftmaxFunction<'2quad'> = {
  id: '2quad',
  title: 'MPCFormer 2Quad',
  description: '(x + 5)² over its row sum. Made for models distilled with it.',
  source: 'MPCFormer (Li et al. 2023), section 4.1',
  hiddenScore: -quadShift,
  evaluate: async (mpc, scores, keep) => {
    const kept = await cleared(mpc, mpc.addFixed(scores, quadShift), keep);
    // Squares are divided by a power of two above the row length, which the quotient does not see:
    // their sum stays in the reciprocal's domain for |x + 5| < 2^(f/2), not just for their mean.
    const lengthBits = Math.ceil(Math.log2(scores.shape.at(-1) ?? 1));
    const squares = await mpc.mulTruncate(kept, kept, mpc.ring.fractionBits + lengthBits);
    return divideByColumn(mpc, squares, rowSum(mpc, squares));
  },
};

export const softmax2Relu: SoftmaxFunction<'2relu'> = {
  id: '2relu',
  title: 'MPCFormer 2ReLU',
  description: 'ReLU(x) over its row sum. Made for models distilled with it.',
  source: 'MPCFormer (Li et al. 2023), section 4.1',
  evaluate: async (mpc, scores, keep) => {
    const kept = await cleared(mpc, await relu(mpc.at('relu'), scores), keep);
    // The paper adds 1e-12, which no fraction bits hold; a row without a positive score gets zeros.
    return divideByColumn(mpc, kept, rowSum(mpc, kept));
  },
};

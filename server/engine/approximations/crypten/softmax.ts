/**
 * Softmax and its replacements over the last axis, as CrypTen 0.4.0 and MPCFormer's benchmark
 * (src/benchmark/utils.py, commit 38cb42c) compute them, and forms that cost what these cost or less
 * and give what they promise. `keep` null means that nothing is masked, as in the benchmark.
 */
import type { AShare, Protocol } from '../../protocol.ts';
import { rowSum } from '../fixed.ts';
import { biased, cleared, quadShift } from '../softmax.ts';
import { addConstant, divideBy, mulColumn, mulFixed } from './arithmetic.ts';
import { relu } from './compare.ts';
import { exp } from './exp.ts';
import { maxAndArgmax, maxValue } from './maximum.ts';
import { divideByColumn, reciprocalOfPositive, reciprocalScaled } from './reciprocal.ts';

type Softmax = (mpc: Protocol, scores: AShare, keep: AShare | null) => Promise<AShare>;

/** exp(x - max), one reciprocal a row; the row maximum by `largest`. */
function exponentials(
  largest: (mpc: Protocol, x: AShare) => Promise<AShare>,
  inverse: (mpc: Protocol, x: AShare, length: number) => Promise<AShare>,
): Softmax {
  return async (mpc, scores, keep) => {
    const length = scores.shape.at(-1) ?? 1;
    const masked = biased(mpc, scores, keep);
    if (length === 1) return addConstant(mpc, mpc.sub(masked, masked), 1);
    const shifted = mpc.sub(masked, await largest(mpc.at('max'), masked));
    const powers = await exp(mpc.at('exp'), shifted);
    const inverted = await inverse(mpc.at('reciprocal'), rowSum(mpc, powers), length);
    return mulColumn(mpc, powers, inverted);
  };
}

/**
 * As shipped: the maximum also finds where it is, which nobody uses. Needs row sums of exponentials
 * below 100; rows of more than 256 nearly equal scores come out as noise. A row of 128: 95,256 B and
 * 116 rounds.
 */
export const softmaxAsShipped = exponentials(
  async (mpc, x) => (await maxAndArgmax(mpc, x)).max,
  reciprocalOfPositive,
);

/** The same function without the unused index: 54,152 B and 99 rounds for a row of 128. */
export const softmaxWithoutArgmax = exponentials(maxValue, reciprocalOfPositive);

/**
 * Also with the row sum divided by about sqrt(n) before its reciprocal, so that flat rows stay in
 * its domain. Costs no more.
 */
export const softmaxCorrected = exponentials(maxValue, (mpc, total, length) =>
  reciprocalScaled(mpc, total, Math.ceil(Math.log2(length) / 2)),
);

/**
 * (x + 5)^2 over its row sum by the default reciprocal, which the sum, about 26 n, leaves far behind:
 * the weights come out near 4e9. A row of 128: 3,632 B and 40 rounds.
 */
export const quadAsShipped: Softmax = async (mpc, scores, keep) => {
  const kept = await cleared(mpc, addConstant(mpc, scores, quadShift), keep);
  const squares = await mpc.truncate(await mpc.mul(kept, kept), mpc.ring.fractionBits);
  return divideByColumn(mpc, squares, rowSum(mpc, squares));
};

/**
 * (x + 5)^2 over its row mean, then over n: squares as squares, no sign of what is positive. Good
 * while the mean lies in 0.1 to 50. A row of 128: 2,360 B and 30 rounds.
 */
export const quadCorrected: Softmax = async (mpc, scores, keep) => {
  const kept = await cleared(mpc, addConstant(mpc, scores, quadShift), keep);
  return overMean(mpc, await mulFixed(mpc, kept, kept));
};

/**
 * ReLU(x) over its row sum by the default reciprocal. Right to 0.0003 for rows of 32, 0.002 for 128,
 * 0.018 for 512, the size of the weights. A row of 128: 31,280 B and 48 rounds.
 */
export const reluAsShipped: Softmax = async (mpc, scores, keep) => {
  const positive = await cleared(mpc, await relu(mpc, scores), keep);
  return divideByColumn(mpc, positive, rowSum(mpc, positive));
};

/** ReLU(x) over its row mean, then over n. A row without a positive score gets no weights. */
export const reluCorrected: Softmax = async (mpc, scores, keep) =>
  overMean(mpc, await cleared(mpc, await relu(mpc, scores), keep));

async function overMean(mpc: Protocol, x: AShare): Promise<AShare> {
  const length = x.shape.at(-1) ?? 1;
  const mean = await divideBy(mpc, rowSum(mpc, x), length);
  return divideBy(mpc, await mulColumn(mpc, x, await reciprocalOfPositive(mpc, mean)), length);
}

/**
 * GeLU by sums of sines, as two systems evaluate it.
 *
 * SecFormer (Luo et al. 2024): erf(y) of y = x / sqrt 2 by seven sines of period 20 between -1.7 and 1.7, -1 and
 * 1 beyond. Its coefficients are those of a square wave that erf rounds off,
 * 2 / (k pi) (exp(-(k pi / 20)^2) - (-1)^k); they are computed here and are the printed ones. The largest
 * error, .020, is at the ends. The timing program that was released ends at 2.5, which triples it (.058).
 *
 * SHAFT (Kei and Chow 2025): ReLU(x) plus eight sines of period 8 of |x| below 4, 0 beyond; coefficients
 * as released, largest error .0045. Both evaluate all sines in one round under a dealt mask; see fourier.ts.
 */
import { relu } from '../circuits/compare.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { mulConstant, mulFixed } from './fixed.ts';
import { sineAndCosine, sineSeries } from './fourier.ts';
import type { ElementFunction } from './function.ts';

const period = 20;

/** Of the odd function of this period that is erf between its ends. */
export const erfSines = Array.from({ length: 7 }, (_, index) => {
  const k = index + 1;
  return (2 / (k * Math.PI)) * (Math.exp(-(((k * Math.PI) / period) ** 2)) - (-1) ** k);
});

/** Where the series begins and ends, for x. */
const secformerEnd = 1.7 * Math.SQRT2;

export const geluSecformer: ElementFunction<'secformer'> = {
  id: 'secformer',
  title: 'SecFormer GeLU',
  description:
    'erf by seven sines of period 20 between -1.7 and 1.7, -1 and 1 beyond; largest error 0.02. Sines out of products: the paper opens the angle in one round, so its cost is lower.',
  source: 'SecFormer (Luo et al. 2024), with the bounds that SHAFT compares it at',
  evaluate: async (mpc, x) => {
    const [bits, inner] = await mpc.together([
      (branch) => branch.below(x, [-secformerEnd, secformerEnd]),
      async (branch) => {
        // 2 pi y / period in quarter turns.
        const turns = await mulConstant(branch, x, 4 / (period * Math.SQRT2));
        const { sine, cosine } = await sineAndCosine(branch, turns);
        const erf = await sineSeries(branch, sine, cosine, erfSines);
        const half = await mulConstant(branch, x, 0.5);
        return branch.add(half, await mulFixed(branch, half, erf));
      },
    ]);
    const bit = (index: number) =>
      mpc.view(mpc.view(bits, { slice: { axis: 0, start: index, end: index + 1 } }), {
        reshape: x.shape,
      });
    const [belowLow, belowHigh] = [bit(0), bit(1)];
    const [between, above] = await mpc.together([
      (branch) => branch.bitMul(branch.xor(belowLow, belowHigh), inner),
      (branch) => branch.bitMul(branch.xorPublic(belowHigh, 1n), x),
    ]);
    return mpc.add(between, above);
  },
};

/** Of gelu(x) - ReLU(x) on [0, 4], by number of the sine. */
const shaftSines = [
  -0.0818, -0.0809, -0.0424, -0.0176, -0.0079, -0.0043, -0.0026, -0.0017,
] as const;
const shaftEnd = 4;

export const geluShaft: ElementFunction<'shaft'> = {
  id: 'shaft',
  title: 'SHAFT GeLU',
  description:
    'ReLU(x) plus eight sines of |x| below 4; largest error 0.0045. Sines out of products: the paper opens the angle in one round, so its cost is lower.',
  source: 'SHAFT (Kei and Chow 2025), released code, approximations.py',
  evaluate: async (mpc, x) => {
    const positive = await relu(mpc.at('relu'), x);
    const size = mpc.sub(mpc.scale(positive, 2n), x);
    const [inside, series] = await mpc.together([
      (branch) => branch.msb(branch.addFixed(size, -shaftEnd)),
      (branch) => sinesOfSize(branch, size),
    ]);
    return mpc.add(positive, await mpc.bitMul(inside, series));
  },
};

/** The angle pi |x| / 4 lies between 0 and a half turn; sine and cosine are taken from its middle. */
async function sinesOfSize(mpc: Protocol, size: AShare): Promise<AShare> {
  const turns = await mulConstant(mpc, size, 2 / shaftEnd);
  const { sine, cosine } = await sineAndCosine(mpc, mpc.addFixed(turns, -1));
  return sineSeries(mpc, cosine, mpc.negate(sine), shaftSines);
}

/**
 * SecFormer's 2Quad (Luo et al. 2024): MPCFormer's (x + 5)^2 over its row sum, divided by Goldschmidt's method,
 * which needs no first guess and no bits where the divisor lies between 0 and 2. So the sum is scaled down
 * first, and thirteen steps reach 1/y within 1e-3 for y from 0.001 to 1.999, as the released program makes
 * them. The program does not scale; here a row's sum is divided by its length, rounded up to a power of two,
 * and by 128 more, public factors that the quotient does not see.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulFixed, rowSum, spread, stack, unstack } from './fixed.ts';
import type { SoftmaxFunction } from './function.ts';
import { cleared, quadShift } from './softmax.ts';

const steps = 13;
/** Of the divisor beyond the row's length. */
const deflationBits = 7;

/** 1/y for y in (0, 2): the product of all 2 - y while y goes to 1. */
async function goldschmidt(mpc: Protocol, column: AShare): Promise<AShare> {
  const towards = (y: AShare): AShare => mpc.addFixed(mpc.negate(y), 2);
  let factor = towards(column);
  // y and the inverse so far, which both take the next factor: the first step needs no product for the latter.
  let inverse = factor;
  let y = await mulFixed(mpc, column, factor);
  for (let step = 1; step < steps; step += 1) {
    factor = towards(y);
    const both = await mulFixed(mpc, stack(mpc, [y, inverse]), stack(mpc, [factor, factor]));
    y = unstack(mpc, both, 0);
    inverse = unstack(mpc, both, 1);
  }
  return inverse;
}

export const softmaxSecformer: SoftmaxFunction<'secformer'> = {
  id: 'secformer',
  title: 'SecFormer 2Quad',
  description:
    "(x + 5)² over its row sum, scaled down and divided by 13 steps of Goldschmidt's method. Made for models distilled with it.",
  source: 'SecFormer (Luo et al. 2024), released program, operation/softmax.py',
  hiddenScore: -quadShift,
  evaluate: async (mpc, scores, keep) => {
    const { fractionBits } = mpc.ring;
    const columns = scores.shape.at(-1) ?? 1;
    const kept = await cleared(mpc, mpc.addFixed(scores, quadShift), keep);
    const lengthBits = Math.ceil(Math.log2(columns));
    const squares = await mpc.mulTruncate(kept, kept, fractionBits + lengthBits);
    const divisor = await mpc.truncate(rowSum(mpc, squares), deflationBits);
    const inverse = await goldschmidt(mpc.at('reciprocal'), divisor);
    return mpc.mulTruncate(squares, spread(mpc, inverse, columns), fractionBits + deflationBits);
  },
};

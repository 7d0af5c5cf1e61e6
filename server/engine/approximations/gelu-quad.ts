/**
 * GeLU replaced by one square: 0.125 x^2 + 0.25 x + 0.5, as MPCFormer prints it (Li et al. 2023,
 * section 4.1). It is no approximation of GeLU in any usual sense; models need to be distilled with
 * it, and one that was not loses its accuracy.
 */
import { combineOnce, mulFixed } from './fixed.ts';
import type { ElementFunction } from './function.ts';

export const geluQuad: ElementFunction<'quad'> = {
  id: 'quad',
  title: 'MPCFormer Quad',
  description: '0.125 x² + 0.25 x + 0.5. Made for models distilled with it.',
  source: 'MPCFormer (Li et al. 2023), section 4.1',
  evaluate: async (mpc, x) => {
    const square = await mulFixed(mpc, x, x);
    return combineOnce(
      mpc,
      [
        { power: square, coefficient: 0.125 },
        { power: x, coefficient: 0.25 },
      ],
      0.5,
    );
  },
};

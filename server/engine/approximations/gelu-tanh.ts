/**
 * GeLU in its tanh form, 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), with tanh by series: what a
 * framework does that keeps the exact function. Within .0005 of the erf form plus the series' error, for
 * |x| < 400 at 18 fraction bits, beyond which the cube leaves the ring.
 */
import { combineOnce, mulConstant, mulFixed } from './fixed.ts';
import type { ElementFunction } from './function.ts';
import { tanh } from './tanh.ts';

const slope = Math.sqrt(2 / Math.PI);

export const geluTanhSeries: ElementFunction<'tanh-series'> = {
  id: 'tanh-series',
  title: 'GeLU by series',
  description: 'The exact function in its tanh form, tanh by a Chebyshev series of degree 17.',
  source: 'SPU 0.5.0, tanh; Hendrycks and Gimpel 2016 for the tanh form',
  evaluate: async (mpc, x) => {
    const square = await mulFixed(mpc, x, x);
    const cube = await mulFixed(mpc, square, x);
    const inner = await combineOnce(
      mpc,
      [
        { power: x, coefficient: slope },
        { power: cube, coefficient: slope * 0.044715 },
      ],
      0,
    );
    const half = await mulConstant(mpc, x, 0.5);
    return mpc.add(half, await mulFixed(mpc, half, await tanh(mpc, inner)));
  },
};

/** SPU's softmax as a plan names it: with padding, and a division for every score as JAX asks for it. */
import type { SoftmaxFunction } from '../function.ts';
import { biased } from '../softmax.ts';
import { softmax } from './attention.ts';

export const softmaxSpu: SoftmaxFunction<'spu'> = {
  id: 'spu',
  title: 'Softmax of SPU',
  description: 'The exact function: row maximum, (1 + x/256)^256, a division for every score.',
  source: 'SPU 0.5.0 with JAX',
  evaluate: (mpc, scores, keep) => softmax.evaluate(mpc, biased(mpc, scores, keep), 'perScore'),
};

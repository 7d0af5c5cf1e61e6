/** ReLU in place of GeLU, as THE-X has it (Chen et al. 2022); 0.17 off at most, and models are trained with it. */
import { relu } from '../circuits/compare.ts';
import type { ElementFunction } from './function.ts';

export const geluRelu: ElementFunction<'relu'> = {
  id: 'relu',
  title: 'ReLU for GeLU',
  description: 'max(0, x). Made for models trained with it.',
  source: 'THE-X (Chen et al. 2022)',
  evaluate: relu,
};

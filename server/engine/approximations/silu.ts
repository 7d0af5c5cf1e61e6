/** Every SiLU by name. */
import { EngineError } from '../errors.ts';
import type { SiluId } from '../plan.ts';
import type { ElementFunction } from './function.ts';
import { siluPuma } from './silu-puma.ts';

const siluExactFloat: ElementFunction<'exact-float'> = {
  id: 'exact-float',
  title: 'Exact SiLU',
  description: 'x / (1 + exp(-x)) in floating point.',
  source: 'Elfwing, Uchibe, Doya 2018',
  evaluate: async (mpc, x) => {
    if (mpc.float === undefined) {
      throw new EngineError('plan', `exact-float needs protocol clear, not ${mpc.name}`);
    }
    return mpc.float(x, (values) => values.map((value) => value / (1 + Math.exp(-value))));
  },
};

export const siluFunctions: { readonly [Id in SiluId]: ElementFunction<Id> } = {
  puma: siluPuma,
  'exact-float': siluExactFloat,
};

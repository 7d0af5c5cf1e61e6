/**
 * The catalogue as CrypTen 0.4.0 has it: what `additive/crypten` is asked for by `parley costs`.
 * Where a form is called as shipped, its cost is CrypTen's or MPCFormer's and its result may be wrong.
 */
import type { Operation } from './operation.ts';
import { cryptenElementOperations } from './operations-crypten-elements.ts';
import { cryptenRowOperations } from './operations-crypten-rows.ts';

export const cryptenOperations: readonly Operation[] = [
  ...cryptenElementOperations,
  ...cryptenRowOperations,
];

/** The exponential as CrypTen 0.4.0 has it, and a form that stands far below zero. */
import type { AShare, Protocol } from '../../protocol.ts';
import { addConstant, mulFixed } from './arithmetic.ts';
import { relu } from './compare.ts';

const squarings = 8;

/**
 * (1 + x / 2^8)^(2^8) (crypten/common/functions/approximations.py). Good for -512 < x < 3; 3 % low
 * at 4, 11 % at 8. Below -512 the base is beyond -1 and the power explodes. 64 B, 8 rounds.
 */
export async function exp(mpc: Protocol, x: AShare): Promise<AShare> {
  let power = addConstant(mpc, await mpc.truncate(x, squarings), 1);
  for (let step = 0; step < squarings; step++) power = await mulFixed(mpc, power, power);
  return power;
}

/** The same of max(x, -256), which gives 0 there: any x up to 8. 296 B, 17 rounds. */
export async function expCorrected(mpc: Protocol, x: AShare): Promise<AShare> {
  const lowest = -(2 ** squarings);
  const limited = addConstant(mpc, await relu(mpc, addConstant(mpc, x, -lowest)), lowest);
  return exp(mpc, limited);
}

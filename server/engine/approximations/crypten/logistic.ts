/** Sigmoid and tanh as CrypTen 0.4.0 has them (crypten/common/functions/approximations.py). */
import type { AShare, Protocol } from '../../protocol.ts';
import { addConstant, integerMinus, mulFixed, mulPublic } from './arithmetic.ts';
import { isNegative, where } from './compare.ts';
import { exp } from './exp.ts';
import { newton } from './reciprocal.ts';

/**
 * 1 / (1 + exp(-|x|)), turned over for negative x. The denominator lies in (1, 2], so three Newton
 * steps from 0.75 do; the first of them needs no product, its guess being public. 376 B, 23 rounds.
 */
export async function sigmoid(mpc: Protocol, x: AShare): Promise<AShare> {
  const negative = await isNegative(mpc, x);
  const signs = integerMinus(mpc, 1, mpc.scale(negative, 2n));
  const size = await mpc.mul(x, signs);
  const denominator = addConstant(mpc, await exp(mpc, mpc.negate(size)), 1);
  const guess = 0.75;
  const scaled = await mulPublic(mpc, denominator, -guess * guess);
  const positive = await newton(mpc, denominator, addConstant(mpc, scaled, 2 * guess), 2);
  const mirrored = addConstant(mpc, mpc.negate(positive), 1);
  return where(mpc, negative, mirrored, positive);
}

/** 2 sigmoid(2x) - 1, at the price of one sigmoid. */
export async function tanh(mpc: Protocol, x: AShare): Promise<AShare> {
  return addConstant(mpc, mpc.scale(await sigmoid(mpc, mpc.scale(x, 2n)), 2n), -1);
}

/** x sigmoid(x); not in CrypTen, put together from what is. */
export async function silu(mpc: Protocol, x: AShare): Promise<AShare> {
  return mulFixed(mpc, x, await sigmoid(mpc, x));
}

/**
 * Comparisons as CrypTen 0.4.0 makes them (crypten/mpc/mpc.py, common/functions/logic.py): the
 * result is an arithmetic 0 or 1 without fraction, converted once and then multiplied like a number.
 */
import { stack, unstack } from '../fixed.ts';
import type { AShare, Protocol } from '../../protocol.ts';
import { addConstant, integerMinus } from './arithmetic.ts';

/** 1 where x < 0. On additive/crypten 216 B, 8 rounds. */
export async function isNegative(mpc: Protocol, x: AShare): Promise<AShare> {
  return mpc.b2a(await mpc.msb(x), 'bit');
}

/** 1 where x = 0. On additive/crypten 104 B, 7 rounds. */
export async function isZero(mpc: Protocol, x: AShare): Promise<AShare> {
  return mpc.b2a(await mpc.isZero(x), 'bit');
}

/** 1 where x >= y. */
export async function atLeast(mpc: Protocol, x: AShare, y: AShare): Promise<AShare> {
  return integerMinus(mpc, 1, await isNegative(mpc, mpc.sub(x, y)));
}

/** 1 or -1; zero counts as positive. */
export async function sign(mpc: Protocol, x: AShare): Promise<AShare> {
  return integerMinus(mpc, 1, mpc.scale(await isNegative(mpc, x), 2n));
}

/** bit ? x : y by two products, one after the other (crypten.where). */
export async function where(mpc: Protocol, bit: AShare, x: AShare, y: AShare): Promise<AShare> {
  const kept = await mpc.mul(bit, x);
  return mpc.add(kept, await mpc.mul(integerMinus(mpc, 1, bit), y));
}

/** max(x, 0). On additive/crypten 232 B, 9 rounds. */
export async function relu(mpc: Protocol, x: AShare): Promise<AShare> {
  return mpc.mul(x, integerMinus(mpc, 1, await isNegative(mpc, x)));
}

/** x limited to [low, high], as relu(x - low) - relu(x - high) + low. */
export async function hardtanh(mpc: Protocol, x: AShare, low = -1, high = 1): Promise<AShare> {
  const both = await relu(mpc, stack(mpc, [addConstant(mpc, x, -low), addConstant(mpc, x, -high)]));
  return addConstant(mpc, mpc.sub(unstack(mpc, both, 0), unstack(mpc, both, 1)), low);
}

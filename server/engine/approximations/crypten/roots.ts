/** Square roots as CrypTen 0.4.0 has them (crypten/common/functions/approximations.py). */
import type { AShare, Protocol } from '../../protocol.ts';
import { addConstant, mulFixed, mulPublic } from './arithmetic.ts';
import { exp } from './exp.ts';

const newtonSteps = 3;

/**
 * 1/sqrt(x): Newton's y (3 - x y^2) / 2 from 2.2 exp(-(x/2 + 0.2)) + 0.2 - x/1024. Good for about
 * 0.1 to 150; 6.7 instead of 31.6 at 0.001, and wrong from 200 on. 184 B, 17 rounds.
 */
export async function inverseSqrt(mpc: Protocol, x: AShare): Promise<AShare> {
  const exponent = mpc.negate(addConstant(mpc, await mpc.truncate(x, 1), 0.2));
  const start = addConstant(mpc, await mulPublic(mpc, await exp(mpc, exponent), 2.2), 0.2);
  let y = mpc.sub(start, await mpc.truncate(x, 10));
  for (let step = 0; step < newtonSteps; step++) {
    const product = await mulFixed(mpc, x, await mulFixed(mpc, y, y));
    const factor = addConstant(mpc, mpc.negate(product), 3);
    y = await mpc.truncate(await mulFixed(mpc, y, factor), 1);
  }
  return y;
}

/** x / sqrt(x). 200 B, 18 rounds. */
export async function sqrt(mpc: Protocol, x: AShare): Promise<AShare> {
  return mulFixed(mpc, await inverseSqrt(mpc, x), x);
}

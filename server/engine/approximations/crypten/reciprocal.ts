/** Reciprocals and quotients as CrypTen 0.4.0 has them (crypten/common/functions/approximations.py). */
import type { AShare, Protocol } from '../../protocol.ts';
import { addConstant, mulColumn, mulFixed } from './arithmetic.ts';
import { sign } from './compare.ts';
import { exp } from './exp.ts';

const newtonSteps = 10;

/**
 * 1/x for x > 0: Newton's y (2 - x y) from 3 exp(1 - 2x) + 0.003. With 16 fraction bits the error is
 * 0.01 % for 0.1 <= x <= 10 and a unit of rounding times x, which is 0.5 % at 50, 7 % at 100, -68 % at
 * 200; above 256 the first guess explodes and the result means nothing. 304 B, 28 rounds.
 */
export async function reciprocalOfPositive(mpc: Protocol, x: AShare): Promise<AShare> {
  const exponent = addConstant(mpc, mpc.negate(mpc.scale(x, 2n)), 1);
  const guess = addConstant(mpc, mpc.scale(await exp(mpc, exponent), 3n), 0.003);
  return newton(mpc, x, guess, newtonSteps);
}

/** 1/x for any sign: the default, which also finds the sign of what is known to be positive. */
export async function reciprocal(mpc: Protocol, x: AShare): Promise<AShare> {
  const signs = await sign(mpc, x);
  const positive = await mpc.mul(signs, x);
  return mpc.mul(signs, await reciprocalOfPositive(mpc, positive));
}

/**
 * 1/x for 0 < x < 2^(2 shift) about: x is divided by 2^shift before and the result after, both
 * local, so that the middle of the domain lies at 2^shift. Costs what the unscaled one does.
 */
export async function reciprocalScaled(mpc: Protocol, x: AShare, shift: number): Promise<AShare> {
  if (shift === 0) return reciprocalOfPositive(mpc, x);
  const inverse = await reciprocalOfPositive(mpc, await mpc.truncate(x, shift));
  return mpc.truncate(inverse, shift);
}

/** y after `steps` of y + (y - y^2 x). */
export async function newton(
  mpc: Protocol,
  x: AShare,
  guess: AShare,
  steps: number,
): Promise<AShare> {
  let y = guess;
  for (let step = 0; step < steps; step++) {
    const correction = await mulFixed(mpc, await mulFixed(mpc, y, y), x);
    y = mpc.sub(mpc.scale(y, 2n), correction);
  }
  return y;
}

/** x / y, element by element. 568 B, 39 rounds. */
export async function divide(mpc: Protocol, x: AShare, y: AShare): Promise<AShare> {
  return mulFixed(mpc, x, await reciprocal(mpc, y));
}

/** x [..., n] / column [..., 1]. */
export async function divideByColumn(mpc: Protocol, x: AShare, column: AShare): Promise<AShare> {
  return mulColumn(mpc, x, await reciprocal(mpc, column));
}

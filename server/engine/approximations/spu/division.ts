/**
 * Division and reciprocal as SPU 0.5.0 evaluates them (`div_goldschmidt` and `reciprocal_goldschmidt`
 * of libspu/kernel/hal/fxp_base.cc; Catrina, Saxena, FC 2010, section 3.4): the divisor's magnitude is
 * scaled into [0.5, 1) by a power of two found from its highest set bit, and Goldschmidt's iteration
 * starts from the linear guess 2.9142 - 2c.
 *
 * Bytes per element that each party of additive/semi2k sends, k = 64:
 *   sign 56, as a number 8, magnitude 16, bits 208, prefix-or 88, then
 *   division: scaled divisor 8 + 24, error 24, two steps 24 + 24 + 24, times dividend 24, scaled back
 *   8 + 24, sign 16 = 576; reciprocal: scaled divisor 8 + 24, scaled guess 8 + 24, error 24, two steps
 *   24 + 24 + 24, sign 16 = 552.
 */
import type { AShare, BShare, Protocol } from '../../protocol.ts';
import { mulFixed } from '../fixed.ts';
import { highestSetBit, mirrorBits, mulFixedByBits } from './highest-bit.ts';

/** SPU's `fxp_div_goldschmidt_iters`. */
const steps = 2;

interface Divisor {
  /** 1 where the divisor is negative. */
  readonly negative: AShare;
  readonly magnitude: AShare;
  /** Bits of 2^(f - m) in fixed point, 2^m the power of two just above the magnitude. */
  readonly factor: BShare;
  /** magnitude * factor, in [0.5, 1). */
  readonly scaled: AShare;
  /** 2.9142 - 2 scaled, about 1 / scaled. */
  readonly guess: AShare;
}

/**
 * a / b, element-wise. For |b| in [2^-f, 2^f) and |a| < 2^(k - 3 - 2f): relative error below 1e-4,
 * plus the rounding of r a by 2^-f that is scaled with the factor, about 2^-f / |b|. A zero b, and a b
 * outside, give zero.
 */
export async function divide(mpc: Protocol, a: AShare, b: AShare): Promise<AShare> {
  const { negative, factor, scaled, guess } = await prepare(mpc, b);
  const inverse = await refine(mpc, guess, await distanceFromOne(mpc, scaled, guess));
  const quotient = await mulFixedByBits(mpc, await mulFixed(mpc, inverse, a), factor);
  return withSign(mpc, negative, quotient);
}

/** 1 / b for |b| in [2^-f, 2^f): relative error below 1e-4, plus a few units of 2^-f. Zero gives zero. */
export async function reciprocal(mpc: Protocol, b: AShare): Promise<AShare> {
  const { negative, magnitude, factor, guess } = await prepare(mpc, b);
  const first = await mulFixedByBits(mpc, guess, factor);
  const inverse = await refine(mpc, first, await distanceFromOne(mpc, magnitude, first));
  return withSign(mpc, negative, inverse);
}

async function prepare(mpc: Protocol, b: AShare): Promise<Divisor> {
  const negative = await mpc.b2a(await mpc.msb(b), 'bit');
  const magnitude = await withSign(mpc, negative, b);
  const factor = mirrorBits(mpc, await highestSetBit(mpc, magnitude), 2 * mpc.ring.fractionBits);
  const scaled = await mulFixedByBits(mpc, magnitude, factor);
  const guess = mpc.addFixed(mpc.negate(mpc.scale(scaled, 2n)), 2.9142);
  return { negative, magnitude, factor, scaled, guess };
}

/** 1 - x y. */
async function distanceFromOne(mpc: Protocol, x: AShare, y: AShare): Promise<AShare> {
  return mpc.addFixed(mpc.negate(await mulFixed(mpc, x, y)), 1);
}

/** Each step takes r (1 + e) and e^2; a relative error e <= 0.086 becomes e^4. */
async function refine(mpc: Protocol, guess: AShare, error: AShare): Promise<AShare> {
  let r = guess;
  let e = error;
  for (let step = 0; step < steps; step++) {
    r = await mulFixed(mpc, r, mpc.addFixed(e, 1));
    if (step + 1 < steps) e = await mulFixed(mpc, e, e);
  }
  return r;
}

/** negative ? -x : x. */
async function withSign(mpc: Protocol, negative: AShare, x: AShare): Promise<AShare> {
  return mpc.add(x, await mpc.mul(negative, mpc.negate(mpc.scale(x, 2n))));
}

/**
 * Reciprocal square root and square root as SPU 0.5.0 evaluates them (`f_rsqrt`, `f_sqrt` of
 * libspu/kernel/hal/fxp_approx.cc; Lu et al., PPMLP 2020): x = u 2^(e+1) with u in [0.25, 0.5), a
 * quartic in u, then the power of two, whose odd half is a constant.
 *
 * Bytes per element that each party of additive/semi2k sends, k = 64: rsqrt 208 + 88 (highest bit),
 * 8 + 24 (u), 3 x 24 + 8 (quartic), 8 (parity), 8 + 16 (power), 24 = 464; sqrt 464 + 8 + 4 x 24 = 568.
 */
import { encodeScalar } from '../../fixed-point.ts';
import type { AShare, BShare, Protocol } from '../../protocol.ts';
import { mulConstant, mulFixed } from '../fixed.ts';
import { highestSetBit, mirrorBits, mulFixedByBits } from './highest-bit.ts';

const quartic = {
  powers: [-15.47994394, 38.4714796, -49.86605845, 26.02942339],
  constant: 4.14285016,
} as const;

/** 1 / sqrt(x) for x in [2^-f, 2^(f-1)): relative error below 2e-3 plus rounding. Zero gives zero. */
export async function reciprocalSqrt(mpc: Protocol, x: AShare): Promise<AShare> {
  const f = mpc.ring.fractionBits;
  const above = mpc.shiftBits(await highestSetBit(mpc, x), 'left', 1);
  const u = await mulFixedByBits(mpc, x, mirrorBits(mpc, above, 2 * f));
  const root = await polynomial(mpc, u, quartic.powers, quartic.constant);
  return mulFixed(mpc, root, await powerOfTwo(mpc, above));
}

/** sqrt(x) for x in [0, 2^(f-1)): the product with 1 / sqrt(x) and one of Goldschmidt's steps. */
export async function sqrt(mpc: Protocol, x: AShare): Promise<AShare> {
  const inverse = await reciprocalSqrt(mpc, x);
  const g = await mulFixed(mpc, x, inverse);
  const h = await mulConstant(mpc, inverse, 0.5);
  const r = mpc.addFixed(mpc.negate(await mulFixed(mpc, g, h)), 1.5);
  // SPU also takes h r, which would serve a second step, and throws it away.
  const better = await mulFixed(mpc, g, r);
  await mulFixed(mpc, h, r);
  return better;
}

/** sum of coefficients[i] x^(i+1) + constant: a power at a time, one truncation of the sum. */
async function polynomial(
  mpc: Protocol,
  x: AShare,
  coefficients: readonly number[],
  constant: number,
): Promise<AShare> {
  let power = x;
  let total: AShare | null = null;
  for (const [index, coefficient] of coefficients.entries()) {
    if (index > 0) power = await mulFixed(mpc, power, x);
    const term = mpc.scale(power, encodeScalar(mpc.ring, coefficient));
    total = total === null ? term : mpc.add(total, term);
  }
  if (total === null) throw new RangeError('polynomial: no coefficients');
  return mpc.addFixed(await mpc.truncate(total, mpc.ring.fractionBits), constant);
}

/** 2^(-(e+1)/2) in fixed point, from the one-hot bits of 2^(e + f). */
async function powerOfTwo(mpc: Protocol, above: BShare): Promise<AShare> {
  const { bits, fractionBits: f } = mpc.ring;
  const { even, odd } = mpc.splitEvenOdd(above, bits);
  const half = mpc.resizeLanes(mpc.xor(even, odd), bits);
  const mirrored = mirrorBits(mpc, half, 2 * Math.floor(f / 2));
  const isEven = await mpc.b2a(mpc.parity(above, evenPositions(bits)), 'bit');
  // Ring integers, not fixed point: what the mirrored bits lack to the power's own place.
  const rootOf2 = (exponent: number) => Math.trunc(2 ** exponent * Math.SQRT2);
  const low = Math.floor(f / 2);
  const whole = BigInt(2 ** (f % 2 === 0 ? low : low + 2));
  const ifEven = f % 2 === 0 ? BigInt(rootOf2(low)) : whole;
  const ifOdd = f % 2 === 0 ? whole : BigInt(rootOf2(low + 1));
  const chosen = plusInteger(mpc, mpc.scale(isEven, ifEven - ifOdd), ifOdd);
  return mpc.mul(chosen, await mpc.b2a(mirrored, 'word'));
}

/** x + a ring integer below 2^53. */
function plusInteger(mpc: Protocol, x: AShare, integer: bigint): AShare {
  return mpc.addFixed(x, Number(integer) / 2 ** mpc.ring.fractionBits);
}

function evenPositions(bits: number): bigint {
  return BigInt(`0x${'5'.repeat(bits / 4)}`);
}

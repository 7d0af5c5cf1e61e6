/**
 * Reciprocal and reciprocal square root of positive values, by scaling with a power of two found
 * from the highest set bit (SPU 0.5.0, libspu/kernel/hal/fxp_base.cc and fxp_approx.cc). Zero gives zero.
 * Where comparisons with many public numbers cost little, that bit is found by comparing with all
 * powers of two: any function of its place is then a public combination of the answers.
 */
import { highestBit } from '../circuits/adder.ts';
import { EngineError } from '../errors.ts';
import { atBits, encodeScalar } from '../fixed-point.ts';
import type { AShare, BShare, Protocol } from '../protocol.ts';
import { combineOnce, mulFixed, stack, unstack } from './fixed.ts';
import {
  chosenFrom,
  doublings,
  lineFor,
  parabolaFor,
  whichSegment,
  type Segment,
} from './segments.ts';
import { reciprocal as spuReciprocal } from './spu/division.ts';
import { reciprocalSqrt as spuReciprocalSqrt } from './spu/root.ts';

/** Longest rows for which reciprocals go by segments: their squares have room. */
const maxDoublings = 12;

/**
 * Products here stand at three times the fraction bits before they are truncated, some bits of value on
 * top: a ring that cannot hold them would give wrong numbers and no error.
 */
function requireHeadroom(mpc: Protocol, what: string): void {
  const { bits, fractionBits } = mpc.ring;
  const most = Math.floor((bits - 4) / 3);
  if (fractionBits > most) {
    throw new EngineError(
      'range',
      `${what}: ${fractionBits} fraction bits in a ring of ${bits}, at most ${most} leave room`,
    );
  }
}

/**
 * For each of several tables, `table(p)` where p is the place of the highest set bit of x, 0 to `top`;
 * zero where x is 0 or its highest bit is above. Results are ring integers.
 */
async function byHighestBit(
  mpc: Protocol,
  x: AShare,
  top: number,
  tables: readonly ((place: number) => bigint)[],
): Promise<AShare[]> {
  const powers = Array.from({ length: top + 2 }, (_, place) => place);
  const unit = 2 ** -mpc.ring.fractionBits;
  const answers = await mpc.b2a(
    await mpc.below(
      x,
      powers.map((place) => 2 ** place * unit),
    ),
    'bit',
  );
  // [x < 2^(p+1)] - [x < 2^p] is 1 where the highest bit is p.
  return tables.map((table) => {
    const at = (place: number): bigint => (place < 0 || place > top ? 0n : table(place));
    return powers
      .map((place) => mpc.scale(unstack(mpc, answers, place), at(place - 1) - at(place)))
      .reduce((sum, term) => mpc.add(sum, term));
  });
}

/** One-hot word with bit `top - p` set where p is the highest set bit of x; empty where p > top. */
async function mirroredHighestBit(mpc: Protocol, x: AShare, top: number): Promise<BShare> {
  const highest = await highestBit(mpc, await mpc.a2b(x));
  return mpc.shiftBits(mpc.reverseBits(highest), 'right', mpc.ring.bits - 1 - top);
}

/** 2^(top - p) for the highest set bit p of x. */
async function mirroredPower(mpc: Protocol, x: AShare, top: number): Promise<AShare> {
  if (mpc.framework !== null) {
    return mpc.b2a(await mirroredHighestBit(mpc, x, top), 'word');
  }
  const [power] = await byHighestBit(mpc, x, top, [(place) => 1n << BigInt(top - place)]);
  if (power === undefined) throw new RangeError('one table');
  return power;
}

/** 1/x as `mantissa * factor`: mantissa = 1/c with c = x * factor in [0.5, 1), factor a power of two. */
async function reciprocalParts(
  mpc: Protocol,
  x: AShare,
): Promise<{ mantissa: AShare; factor: AShare }> {
  requireHeadroom(mpc, 'reciprocal');
  const f = mpc.ring.fractionBits;
  const factor = await mirroredPower(mpc, x, 2 * f - 1);
  const c = await mulFixed(mpc, x, factor);
  // Goldschmidt from the linear guess 2.9142 - 2c: error e, then e^2, then e^4 <= 5.5e-5.
  const guess = mpc.addFixed(mpc.scale(mpc.negate(c), 2n), 2.9142);
  const error = mpc.addFixed(mpc.negate(await mulFixed(mpc, c, guess)), 1);
  const products = await mulFixed(mpc, stack(mpc, [guess, error]), stack(mpc, [error, error]));
  const better = mpc.add(guess, unstack(mpc, products, 0));
  const mantissa = mpc.add(better, await mulFixed(mpc, better, unstack(mpc, products, 1)));
  return { mantissa, factor };
}

/** 1/x for x in (0, 2^f), by the steps of the variant's framework where it has its own. */
export function reciprocal(mpc: Protocol, x: AShare): Promise<AShare> {
  return mpc.framework === 'spu' ? spuReciprocal(mpc, x) : reciprocalOfPositive(mpc, x);
}

/** 1/x for x in (0, 2^f); relative error below 1e-4 plus rounding to 2^-f. */
export async function reciprocalOfPositive(mpc: Protocol, x: AShare): Promise<AShare> {
  const { mantissa, factor } = await reciprocalParts(mpc, x);
  return mulFixed(mpc, mantissa, factor);
}

/**
 * x / column for quotients of size about one, column in (0, 2^f): the reciprocal keeps 2f fraction
 * bits until the quotient is truncated, so small reciprocals lose nothing.
 */
export async function divideByColumn(mpc: Protocol, x: AShare, column: AShare): Promise<AShare> {
  const { mantissa, factor } = await reciprocalParts(mpc, column);
  const wide = await mpc.mul(mantissa, factor);
  const spread = mpc.view(wide, { expand: x.shape });
  return mpc.truncate(await mpc.mul(x, spread), 2 * mpc.ring.fractionBits);
}

/** 1/sqrt(x) for x in (0, 2^(f-1)), by the steps of the variant's framework where it has its own. */
export function reciprocalSqrt(mpc: Protocol, x: AShare): Promise<AShare> {
  return mpc.framework === 'spu' ? spuReciprocalSqrt(mpc, x) : overlappedReciprocalSqrt(mpc, x);
}

/** 1/sqrt(x) for x in (0, 2^(f-1)): quartic on [0.25, 0.5), then the power of two and its odd half. */
export async function overlappedReciprocalSqrt(mpc: Protocol, x: AShare): Promise<AShare> {
  requireHeadroom(mpc, 'reciprocalSqrt');
  return mpc.framework === null && mpc.ring.bits === 64
    ? rootBySegments(mpc, x)
    : rootByBits(mpc, x);
}

/**
 * By lines, 32 to a doubling, from the smallest number to 2^(f-1): off by 5e-5 of itself at most, where
 * x has enough bits. The slope keeps `slopeBits` fraction bits until the sum is truncated: at its
 * largest, for x = 2^-f, the root stands at 2^(f/2 + f + slopeBits), below the ring's half.
 */
async function rootBySegments(mpc: Protocol, x: AShare): Promise<AShare> {
  const f = mpc.ring.fractionBits;
  const slopeBits = mpc.ring.bits - 3 - f - Math.ceil(f / 2);
  const positive = doublings(2 ** -f, 2 ** (f - 1), 32);
  const lines = positive
    .slice(0, -1)
    .map((from, index) => lineFor((v) => 1 / Math.sqrt(v), from, positive[index + 1] ?? from));
  const boundaries = [0, ...positive, Infinity];
  // Zero gives zero.
  lines.unshift({ constant: 0, linear: 0, square: 0 });
  // Above the domain the last line would fall below zero: the root stays what it is at the end.
  lines.push({ constant: 2 ** ((1 - f) / 2), linear: 0, square: 0 });
  const answers = await whichSegment(mpc.at('segment'), x, boundaries);
  const table = (part: (line: Segment) => bigint) =>
    chosenFrom(mpc, answers, x.shape, lines.map(part));
  const slope = table(({ linear }) => atBits(linear, slopeBits));
  const constant = table(({ constant: value }) => atBits(value, slopeBits + f));
  return mpc.truncate(mpc.add(constant, await mpc.mul(slope, x)), slopeBits);
}

/**
 * 1/x for x in [1 - 2^-8, largest]: parabolas, 8 to a doubling, off by 1e-4 of itself at most. For sums of
 * exponentials of which one is 1.
 */
export async function reciprocalUpTo(mpc: Protocol, x: AShare, largest: number): Promise<AShare> {
  const { bits: ringBits, fractionBits: f } = mpc.ring;
  const hasRoom = 2 * Math.log2(largest) + 2 * f < ringBits - 2;
  if (mpc.framework !== null || largest > 2 ** maxDoublings || !hasRoom) return reciprocal(mpc, x);
  // x and x^2 times their coefficients are about the size of 1/x: below 2.
  const bits = mpc.ring.bits - 6 - f;
  const boundaries = doublings(1 - 2 ** -8, Math.max(2, largest * (1 + 2 ** -8)), 8);
  const parabolas = boundaries
    .slice(0, -1)
    .map((from, index) => parabolaFor((v) => 1 / v, from, boundaries[index + 1] ?? from));
  const [answers, square] = await mpc.together([
    (branch) => whichSegment(branch.at('segment'), x, boundaries),
    (branch) => mulFixed(branch, x, x),
  ]);
  const table = (part: (parabola: Segment) => bigint) =>
    chosenFrom(mpc, answers, x.shape, parabolas.map(part));
  const coefficients = stack(mpc, [
    table((parabola) => atBits(parabola.linear, bits)),
    table((parabola) => atBits(parabola.square, bits)),
  ]);
  const products = mpc.sum(await mpc.mul(coefficients, stack(mpc, [x, square])), 0);
  const constant = table((parabola) => atBits(parabola.constant, bits + f));
  return mpc.truncate(mpc.add(products, constant), bits);
}

async function rootByBits(mpc: Protocol, x: AShare): Promise<AShare> {
  const f = mpc.ring.fractionBits;
  const odd = f % 2;
  // Real scale 2^q with u = x 2^q in [0.25, 0.5); as a word, bit q + f.
  const scaleBits = await mirroredHighestBit(mpc, x, 2 * f - 2);
  const aligned = mpc.shiftBits(scaleBits, 'left', odd);
  const { even, odd: odds } = mpc.splitEvenOdd(aligned, mpc.ring.bits);
  const halved = mpc.resizeLanes(mpc.xor(even, odds), mpc.ring.bits);
  const rootBits = mpc.shiftBits(halved, 'left', f - (f + odd) / 2);
  const isOdd = mpc.parity(aligned, oddBits(mpc.ring.bits));

  const words = await mpc.b2a(mpc.concat([scaleBits, rootBits], 0), 'word');
  const rows = x.shape[0] ?? 0;
  const scale = mpc.view(words, { slice: { axis: 0, start: 0, end: rows } });
  const root = mpc.view(words, { slice: { axis: 0, start: rows, end: 2 * rows } });

  const [value, factor] = await mpc.together([
    async (branch) => quartic(branch, await mulFixed(branch, x, scale)),
    async (branch) => {
      const larger = branch.scale(root, encodeScalar(branch.ring, Math.SQRT2 - 1));
      const extra = await branch.truncate(larger, f);
      return branch.add(root, await branch.bitMul(isOdd, extra));
    },
  ]);
  return mulFixed(mpc, value, factor);
}

async function quartic(mpc: Protocol, u: AShare): Promise<AShare> {
  const square = await mulFixed(mpc, u, u);
  const products = await mulFixed(mpc, stack(mpc, [square, square]), stack(mpc, [u, square]));
  return combineOnce(
    mpc,
    [
      { power: unstack(mpc, products, 1), coefficient: 26.02942339 },
      { power: unstack(mpc, products, 0), coefficient: -49.86605845 },
      { power: square, coefficient: 38.4714796 },
      { power: u, coefficient: -15.47994394 },
    ],
    4.14285016,
  );
}

function oddBits(bits: number): bigint {
  return BigInt(`0x${'a'.repeat(bits / 4)}`);
}

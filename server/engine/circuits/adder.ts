/**
 * Boolean circuits on words of k bits, written on `and` and `xor` of any protocol. A sum is worked
 * out from what every position generates (x and y) and propagates (x xor y).
 * Depths: adder 1 + log2 k, carry tree 1 + log2 k, prefix-or log2 k, all-bits-set log2 k.
 */
import type { BShare, Protocol } from '../protocol.ts';

/** (a and b, a and c) in one round. */
async function andTwice(
  mpc: Protocol,
  a: BShare,
  b: BShare,
  c: BShare,
): Promise<readonly [BShare, BShare]> {
  const [left, right] = await mpc.andAll([
    [a, b],
    [a, c],
  ]);
  if (left === undefined || right === undefined) throw new RangeError('two products');
  return [left, right];
}

/** x + y mod 2^k, bit by bit. */
export async function addBits(mpc: Protocol, x: BShare, y: BShare): Promise<BShare> {
  return sumFrom(mpc, await mpc.and(x, y), mpc.xor(x, y), 0n);
}

/** Kogge-Stone prefix adder; `carryIn` is added at the lowest bit. */
export async function sumFrom(
  mpc: Protocol,
  generated: BShare,
  half: BShare,
  carryIn: 0n | 1n,
): Promise<BShare> {
  let generate = carryIn === 0n ? generated : mpc.xor(generated, mpc.maskBits(half, 1n));
  let propagate = half;
  for (let distance = 1; distance < mpc.ring.bits; distance *= 2) {
    const [carried, both] = await andTwice(
      mpc,
      propagate,
      mpc.shiftBits(generate, 'left', distance),
      mpc.shiftBits(propagate, 'left', distance),
    );
    generate = mpc.xor(generate, carried);
    propagate = both;
  }
  return mpc.xorPublic(mpc.xor(half, mpc.shiftBits(generate, 'left', 1)), carryIn);
}

/**
 * Top bit of x + y: a tree that combines neighbouring (generate, propagate) pairs, halving the
 * width each time, instead of a whole adder. Returns a one-bit share.
 */
export async function topBitOfSum(mpc: Protocol, x: BShare, y: BShare): Promise<BShare> {
  const half = mpc.xor(x, y);
  // The carry into the top bit needs all lower bits: shift the top one out, nothing comes in below.
  let generate = mpc.shiftBits(await mpc.and(x, y), 'left', 1);
  let propagate = mpc.shiftBits(half, 'left', 1);
  for (let width: number = mpc.ring.bits; width > 1; width /= 2) {
    const g = mpc.splitEvenOdd(generate, width);
    const p = mpc.splitEvenOdd(propagate, width);
    const [carried, both] = await andTwice(mpc, p.odd, g.even, p.even);
    generate = mpc.xor(g.odd, carried);
    propagate = both;
  }
  const top = mpc.resizeLanes(mpc.shiftBits(half, 'right', mpc.ring.bits - 1), 8);
  return mpc.xor(top, generate);
}

/** Whether every bit of a word is 1, as a one-bit share. */
export async function allBitsSet(mpc: Protocol, x: BShare): Promise<BShare> {
  let all = x;
  for (let width: number = mpc.ring.bits; width > 1; width /= 2) {
    const { even, odd } = mpc.splitEvenOdd(all, width);
    all = await mpc.and(even, odd);
  }
  return all;
}

/** Every bit at or below the highest set bit of x becomes 1. */
export async function prefixOr(mpc: Protocol, x: BShare): Promise<BShare> {
  let y = x;
  for (let distance = 1; distance < mpc.ring.bits; distance *= 2) {
    const shifted = mpc.shiftBits(y, 'right', distance);
    // a or b = a xor b xor (a and b)
    y = mpc.xor(mpc.xor(y, shifted), await mpc.and(y, shifted));
  }
  return y;
}

/** Only the highest set bit of x; zero stays zero. */
export async function highestBit(mpc: Protocol, x: BShare): Promise<BShare> {
  const filled = await prefixOr(mpc, x);
  return mpc.xor(filled, mpc.shiftBits(filled, 'right', 1));
}

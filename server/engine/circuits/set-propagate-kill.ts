/**
 * The word-wide circuits of CrypTen 0.4.0 (crypten/mpc/primitives/circuit.py): every level works on
 * whole words, also where most bits are masked away, and so costs whole words. Source of the tree:
 * Damgard, Fitzi, Kiltz, Nielsen, Toft, TCC 2006, section 6.3.
 */
import type { BShare, Protocol } from '../protocol.ts';

/** Bit 2^level - 1 of every group of 2^(level + 1): where a group's lower half ends. */
function lowerEnds(bits: number, level: number): bigint {
  const group = 1 << (level + 1);
  let mask = 0n;
  for (let at = (1 << level) - 1; at < bits; at += group) mask |= 1n << BigInt(at);
  return mask;
}

/** x + y mod 2^k: 1 + log2 k rounds. */
export async function addBitsSetPropagateKill(
  mpc: Protocol,
  x: BShare,
  y: BShare,
): Promise<BShare> {
  const half = mpc.xor(x, y);
  const all = (1n << BigInt(mpc.ring.bits)) - 1n;
  let set = await mpc.and(x, y);
  let propagate = half;
  for (let level = 0; 1 << level < mpc.ring.bits; level++) {
    const ends = lowerEnds(mpc.ring.bits, level);
    // From the end of a lower half to each bit of the upper one.
    const arrows = (1n << BigInt((1 << level) + 1)) - 2n;
    const targets = (ends * arrows) & all;
    const upper = mpc.maskBits(propagate, targets);
    const spread = (y: BShare) => mpc.fanOut(mpc.maskBits(y, ends), arrows);
    const [carried, both] = await mpc.andAll([
      [upper, spread(set)],
      [upper, spread(propagate)],
    ]);
    if (carried === undefined || both === undefined) throw new RangeError('two products');
    set = mpc.xor(set, carried);
    propagate = mpc.xor(mpc.maskBits(propagate, targets ^ all), both);
  }
  return mpc.xor(half, mpc.shiftBits(set, 'left', 1));
}

/** Whether every bit of a word is 1, in its top bit: log2 k rounds. */
export async function allBitsSetInTopBit(mpc: Protocol, x: BShare): Promise<BShare> {
  let all = x;
  for (let shift = mpc.ring.bits / 2; shift >= 1; shift /= 2) {
    all = await mpc.and(all, mpc.shiftBits(all, 'left', shift));
  }
  return all;
}

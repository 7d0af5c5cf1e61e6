/**
 * Highest set bit of a word as SPU 0.5.0 finds it (libspu/kernel/hal/ring.cc and fxp_base.cc), and
 * products with a power of two that is still in bits. SPU knows how many bits of a word can be set:
 * the last level of its prefix-or works on k/2 of them and opens words of that size, so that the whole
 * opens 5.5 pairs of words where `prefixOr` of circuits/adder.ts opens 6.
 */
import type { AShare, BShare, Protocol } from '../../protocol.ts';
import type { LaneBits } from '../../ring/kernels.ts';
import { mulFixed } from '../fixed.ts';

/** Every bit at or below the highest set bit of x becomes 1. */
async function prefixOr(mpc: Protocol, x: BShare): Promise<BShare> {
  const { bits } = mpc.ring;
  let y = x;
  for (let distance = 1; distance < bits; distance *= 2) {
    const shifted = mpc.shiftBits(y, 'right', distance);
    const lane = laneOf(bits - distance);
    const both = await mpc.and(mpc.resizeLanes(y, lane), mpc.resizeLanes(shifted, lane));
    // a or b = a xor b xor (a and b)
    y = mpc.xor(mpc.xor(y, shifted), mpc.resizeLanes(both, bits));
  }
  return y;
}

/** Only the highest set bit of x; zero stays zero, and a negative x gives the sign bit. */
export async function highestSetBit(mpc: Protocol, x: AShare): Promise<BShare> {
  const filled = await prefixOr(mpc, await mpc.a2b(x));
  return mpc.xor(filled, mpc.shiftBits(filled, 'right', 1));
}

/** Bit i goes to `width - 1 - i`; bits from `width` on are dropped (SPU leaves them where they are). */
export function mirrorBits(mpc: Protocol, x: BShare, width: number): BShare {
  return mpc.shiftBits(mpc.reverseBits(x), 'right', mpc.ring.bits - width);
}

/** x * word, the word's bits made a number first: SPU converts again at every use. */
export async function mulFixedByBits(mpc: Protocol, x: AShare, word: BShare): Promise<AShare> {
  return mulFixed(mpc, x, await mpc.b2a(word, 'word'));
}

function laneOf(bits: number): LaneBits {
  if (bits <= 8) return 8;
  if (bits <= 16) return 16;
  return bits <= 32 ? 32 : 64;
}

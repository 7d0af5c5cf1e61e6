/**
 * Comparison under a mask: c = x + r is opened for a dealt r of whose bits the products within groups
 * of four are shared. Whether a group of c is below, or the same as, that of r is then a public
 * polynomial in shared products: local. Two levels of gates with seven inputs join 16 groups to 4 to
 * 1; a gate opens its masked inputs and expands with dealt products of the masks (the trick of Beaver
 * triples for more than two factors). Three rounds, 13 bytes per element sent by each party (k = 64).
 */
import { allocateBytes } from '../../ring/tensor.ts';
import type { Talk } from '../../session.ts';
import { openSum, openXor, wordsOf } from './opening.ts';

/** Halves of [x < 0] or of [x = 0] in 8-bit lanes; `x` is this party's half, in ring words. */
export async function compareWithZero(
  talk: Talk,
  x: Uint8Array,
  what: 'sign' | 'zero',
): Promise<Uint8Array> {
  const { kernels, ring, party } = talk.session;
  const first = party === 0;
  const elements = (x.length * 8) / ring.bits;
  const [r, mask4, mask1, products, products4, products1] = talk.correlate({
    kind: 'comparison',
    elements,
  }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const opened = await openSum(talk, wordsOf(talk).add(x, r), { masks: [r] });

  const less = allocateBytes(2 * elements);
  const equal = allocateBytes(2 * elements);
  const top = allocateBytes(elements);
  kernels.compareLeaves(ring.bits, first, what === 'zero', opened, products, less, equal, top);
  const quarter = await gates(talk, 4, { less, equal }, mask4, products4);
  const whole = await gates(talk, 1, quarter, mask1, products1);
  if (what === 'zero') return whole.equal;
  // Sign of c - r: the top bits' difference and the borrow from below.
  kernels.bitwise('xor', top, whole.less, top);
  return top;
}

interface Lanes {
  readonly less: Uint8Array;
  readonly equal: Uint8Array;
}

/** Joins four neighbours; one round. */
async function gates(
  talk: Talk,
  width: 4 | 1,
  { less, equal }: Lanes,
  mask: Uint8Array,
  products: Uint8Array,
): Promise<Lanes> {
  const { kernels, party } = talk.session;
  const elements = mask.length / width;
  const masked = allocateBytes(mask.length);
  kernels.gateOpen(width, less, equal, mask, masked);
  const opened = await openXor(talk, masked, { masks: [mask] });
  const out = { less: allocateBytes(elements), equal: allocateBytes(elements) };
  kernels.gateCombine(width, party === 0, opened, mask, products, less, out.less, out.equal);
  return out;
}

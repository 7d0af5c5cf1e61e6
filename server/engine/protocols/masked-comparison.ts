/**
 * Comparison under a mask, between two parties: c = x + r is opened for an r of whose bits the products
 * within groups of four are shared. Whether a group of c is below, or the same as, that of r is then a
 * public polynomial in shared products: local. Two levels of gates with seven inputs join 16 groups to
 * 4 to 1; a gate opens its masked inputs and expands with shared products of the masks (the trick of
 * Beaver triples for more than two factors). Three rounds, 13 bytes per element sent by each of the two
 * (k = 64). Comparing one x with further public numbers needs no further opening of x: x - t stands
 * under the same mask as c - t; 5 bytes for each.
 */
import type { Correlation } from '../correlations/correlation.ts';
import { allocateBytes } from '../ring/tensor.ts';
import { Words } from '../ring/words.ts';
import { dealtPart, type TwoParties } from './two-parties.ts';

/** `below`: [x < t] for each t, one threshold after the other; `zero`: [x = 0]. */
export type Question = { readonly below: readonly bigint[] } | 'zero';

/** The correlation that a question about `elements` numbers uses up. */
export function comparisonFor(question: Question, elements: number): Correlation {
  const thresholds = question === 'zero' ? 1 : question.below.length;
  return { kind: 'comparison', elements, thresholds };
}

/** Halves of the answers in 8-bit lanes; `x` is this party's half, in ring words. */
export async function compareMasked(
  two: TwoParties,
  x: Uint8Array,
  question: Question,
): Promise<Uint8Array> {
  const { kernels, bits, first } = two;
  const words = new Words(kernels, bits);
  const elements = (x.length * 8) / bits;
  const thresholds = question === 'zero' ? [0n] : question.below;
  const r = dealtPart(two.masks, 0);
  const opened = await two.openSum(words.add(x, r), r);
  const made = await two.products();
  const products = dealtPart(made, 0);

  const count = thresholds.length * elements;
  const less = allocateBytes(2 * count);
  const equal = allocateBytes(2 * count);
  const top = allocateBytes(count);
  thresholds.forEach((threshold, index) => {
    const shifted = threshold === 0n ? opened : words.addScalar(opened, -threshold);
    const part = (of: Uint8Array, width: number) =>
      of.subarray(index * width * elements, (index + 1) * width * elements);
    kernels.compareLeaves(
      bits,
      first,
      question === 'zero',
      shifted,
      products,
      part(less, 2),
      part(equal, 2),
      part(top, 1),
    );
  });
  const quarter = await gates(two, 4, { less, equal }, dealtPart(two.masks, 1), dealtPart(made, 1));
  const whole = await gates(two, 1, quarter, dealtPart(two.masks, 2), dealtPart(made, 2));
  if (question === 'zero') return whole.equal;
  // Sign of c - t - r: the top bits' difference and the borrow from below.
  kernels.bitwise('xor', top, whole.less, top);
  return top;
}

interface Lanes {
  readonly less: Uint8Array;
  readonly equal: Uint8Array;
}

/** Joins four neighbours; one round. */
async function gates(
  two: TwoParties,
  width: 4 | 1,
  { less, equal }: Lanes,
  mask: Uint8Array,
  products: Uint8Array,
): Promise<Lanes> {
  const { kernels, first } = two;
  const elements = mask.length / width;
  const masked = allocateBytes(mask.length);
  kernels.gateOpen(width, less, equal, mask, masked);
  const opened = await two.openXor(masked, mask);
  const out = { less: allocateBytes(elements), equal: allocateBytes(elements) };
  kernels.gateCombine(width, first, opened, mask, products, less, out.less, out.equal);
  return out;
}

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
  const words = new Words(two.kernels, two.bits);
  const r = dealtPart(two.masks, 0);
  const opened = await two.openSum(words.add(x, r), r);
  const made = await two.products();
  const products = dealtPart(made, 0);

  const { less, equal, top } = compareLeaves(two, opened, products, question);
  const quarter = await gates(two, 4, { less, equal }, dealtPart(two.masks, 1), dealtPart(made, 1));
  const whole = await gates(two, 1, quarter, dealtPart(two.masks, 2), dealtPart(made, 2));
  return question === 'zero' ? whole.equal : answersOf(two, top, whole);
}

/** Sign of c - t - r: the top bits' difference and the borrow from below. */
export function answersOf({ kernels }: TwoParties, top: Uint8Array, whole: Lanes): Uint8Array {
  const answers = allocateBytes(top.length);
  kernels.bitwise('xor', top, whole.less, answers);
  return answers;
}

/** How the groups of four bits of each c - t compare with those of r, and the top bits' difference. */
export function compareLeaves(
  { kernels, bits, first }: TwoParties,
  opened: Uint8Array,
  products: Uint8Array,
  question: Question,
): Lanes & { readonly top: Uint8Array } {
  const words = new Words(kernels, bits);
  const thresholds = question === 'zero' ? [0n] : question.below;
  const elements = (opened.length * 8) / bits;
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
  return { less, equal, top };
}

export interface Lanes {
  readonly less: Uint8Array;
  readonly equal: Uint8Array;
}

/** Joins four neighbours; one round. */
export async function gates(
  two: TwoParties,
  width: 4 | 1,
  lanes: Lanes,
  mask: Uint8Array,
  products: Uint8Array,
): Promise<Lanes> {
  const opened = await two.openXor(gateInputs(two, width, lanes, mask), mask);
  return gateOutputs(two, width, { opened, mask, products, lanes });
}

/** What is opened for a level of gates. */
export function gateInputs(
  { kernels }: TwoParties,
  width: 4 | 1,
  { less, equal }: Lanes,
  mask: Uint8Array,
): Uint8Array {
  const masked = allocateBytes(mask.length);
  kernels.gateOpen(width, less, equal, mask, masked);
  return masked;
}

export function gateOutputs(
  { kernels, first }: TwoParties,
  width: 4 | 1,
  from: {
    readonly opened: Uint8Array;
    readonly mask: Uint8Array;
    readonly products: Uint8Array;
    readonly lanes: Lanes;
  },
): Lanes {
  const { opened, mask, products, lanes } = from;
  const elements = mask.length / width;
  const out = { less: allocateBytes(elements), equal: allocateBytes(elements) };
  kernels.gateCombine(width, first, opened, mask, products, lanes.less, out.less, out.equal);
  return out;
}

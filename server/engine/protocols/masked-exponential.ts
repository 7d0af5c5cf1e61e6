/**
 * e^x between two parties, for x in [-14, 2), and 0 below: x is opened under a mask r of which whoever
 * deals knows the power. With x - 2 in a window of 16 that W low bits stand for, and their public part
 * c and hidden part m,
 *
 *   e^x = e^2 e^c e^-m            where c is below m,
 *   e^x = e^2 e^(c - 16) e^-m     elsewhere,
 *
 * so the power is a public number times a dealt one, once two comparisons have chosen: of c with m, and
 * of x with -14. Both are answered from the same opening (masked-comparison.ts). The chosen products of
 * two dealt bits and e^-m are dealt too. 28 bytes an element sent by each party.
 *
 *   round 1     x
 *   round 2, 3  two levels of gates
 *   round 4     the two bits that choose
 *   round 5     the truncation
 */
import type { Correlation } from '../correlations/correlation.ts';
import type { Ring } from '../plan.ts';
import { hiddenBits, publicBits, publicPowers } from '../ring/exponential-tables.ts';
import { offset } from '../ring/masked-truncation.ts';
import { joinBytes } from '../ring/tensor.ts';
import { Words } from '../ring/words.ts';
import { answersOf, compareLeaves, gates, type Lanes } from './masked-comparison.ts';
import { dealtPart, type TwoParties } from './two-parties.ts';

/** Where the domain ends, and by how much it lies below the window's end at 0. */
const highest = 2;
/** Powers of two in the window. */
const windowBits = 4;
/** Bits of a group of the comparison. */
const groupBits = 4;

/** Whether the window's bits fill groups of four inside a word's lower half. */
export function hasRoomForExponential({ bits, fractionBits }: Ring): boolean {
  return bits === 64 && fractionBits >= 8 && fractionBits <= 21;
}

/** Bits that x is moved up by, for the window to end with a group. */
function spareBits(fractionBits: number): number {
  return (groupBits - ((fractionBits + windowBits) % groupBits)) % groupBits;
}

/** The correlation that one evaluation uses up. */
export function exponentialFor(elements: number, fractionBits: number): Correlation {
  return {
    kind: 'exponential',
    elements,
    width: fractionBits + windowBits + spareBits(fractionBits),
    cut: hiddenBits + publicBits - fractionBits,
  };
}

/** Bytes that each of the two opens, round by round; `word` those of the elements. */
export function exponentialOpens(word: number, elements: number): number[] {
  return [word, 8 * elements, 2 * elements, 2 * elements, word];
}

/**
 * Half of e^x, off by two units and 2e-6 of itself at most for f up to 18; measured above: 2.5, 4.6 and
 * 8.5 units at f = 19, 20 and 21. Needs -2^(k-6-f) < x < 2.
 */
export async function evaluateExponential(
  two: TwoParties,
  x: Uint8Array,
  ring: Ring,
): Promise<Uint8Array> {
  const { kernels, bits, first } = two;
  const f = ring.fractionBits;
  const words = new Words(kernels, bits);
  const mask = (index: number) => dealtPart(two.masks, index);
  const elements = words.count(x);
  const spare = spareBits(f);
  const width = f + windowBits + spare;

  const lowered = first ? words.addScalar(x, -BigInt(highest) << BigInt(f)) : x;
  const moved = words.shift(lowered, 'left', spare);
  const c = await two.openSum(words.add(moved, mask(0)), mask(0));
  const made = await two.products();
  const part = (index: number) => dealtPart(made, index);

  // x - 2 below -16
  const clip = compareLeaves(two, c, part(6), { below: [-1n << BigInt(width)] });
  const low = withinWindow(words, compareLeaves(two, c, part(6), 'zero'), width, first);
  const leaves = {
    less: joinBytes(clip.less, low.less),
    equal: joinBytes(clip.equal, low.equal),
  };
  const quarter = await gates(two, 4, leaves, mask(1), part(7));
  const { less } = await gates(two, 1, quarter, mask(2), part(8));
  const belowDomain = answersOf(two, clip.top, {
    less: less.subarray(0, elements),
    equal: less.subarray(0, elements),
  });
  const answers = joinBytes(less.subarray(elements), belowDomain);
  const z = await two.openBits(
    words.and(words.xor(answers, mask(3)), new Uint8Array(2 * elements).fill(1)),
    mask(3),
  );
  const above = z.subarray(0, elements);
  const inDomain = words.xor(z.subarray(elements), new Uint8Array(elements).fill(1));

  // bit v = z xor q of a dealt q and v: q v, or v - q v.
  const [v, v1, v2, v12] = [part(0), part(1), part(2), part(3)];
  const chosen = words.choose(above, v1, words.sub(v, v1));
  const chosen2 = words.choose(above, v12, words.sub(v2, v12));
  const [rest, rest2] = [words.sub(v, chosen), words.sub(v2, chosen2)];
  const powers = publicPowers(width, c, Math.exp(highest));
  const sum = words.add(
    words.mul(powers.above, words.choose(inDomain, chosen2, words.sub(chosen, chosen2))),
    words.mul(powers.notAbove, words.choose(inDomain, rest2, words.sub(rest, rest2))),
  );
  const own = words.add(first ? offset(words, bits, sum) : sum, mask(4));
  const opened = await two.openSum(own, mask(4));
  const cut = hiddenBits + publicBits - f;
  return words.maskedTruncation(first, cut, { opened, low: part(4), top: part(5) });
}

/** Lanes of 16 groups as if all groups above the window were the same. */
function withinWindow(words: Words, { less, equal }: Lanes, width: number, first: boolean): Lanes {
  const lane = (value: number): Uint8Array =>
    new Uint8Array(new Uint16Array(less.length / 2).fill(value).buffer);
  const inside = 2 ** (width / groupBits) - 1;
  const kept = lane(inside);
  const keptEqual = words.and(equal, kept);
  return {
    less: words.and(less, kept),
    equal: first ? words.xor(keptEqual, lane(0xffff & ~inside)) : keptEqual,
  };
}

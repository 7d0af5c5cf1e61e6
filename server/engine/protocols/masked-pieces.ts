/**
 * A function of pieces (PUMA's GeLU and SiLU) between two parties, in five rounds: x is opened once,
 * for its comparisons and for its powers; its square t is truncated to 12 fraction bits, and all
 * higher powers are local products of dealt parts of the two masks (masked-truncation.ts). Both
 * polynomials stand at 59 fraction bits until their bits have chosen between them. 58 bytes an element
 * sent by each party.
 *
 *   round 1  x
 *   round 2  t, the first level of gates
 *   round 3  the second level, both polynomials
 *   round 4  the three bits that choose
 *   round 5  the truncation of what was chosen
 */
import type { Correlation } from '../correlations/correlation.ts';
import { EngineError } from '../errors.ts';
import { atBits, encodeScalar } from '../fixed-point.ts';
import type { Ring } from '../plan.ts';
import type { Pieces } from '../protocol.ts';
import { offset } from '../ring/masked-truncation.ts';
import { allocateBytes, joinBytes } from '../ring/tensor.ts';
import { Words } from '../ring/words.ts';
import { answersOf, compareLeaves, gateInputs, gateOutputs } from './masked-comparison.ts';
import { truncatedOf } from './masked-truncation.ts';
import { dealtPart, type TwoParties } from './two-parties.ts';

/** Fraction bits of t. */
const squareBits = 12;
/** Of the polynomials: their values are below 4. */
const polynomialBits = 59;

/** Whether the powers of values in this ring have room: x to a few units, and all cuts below k / 2. */
export function hasRoomForPieces({ bits, fractionBits }: Ring): boolean {
  return bits === 64 && fractionBits >= squareBits && fractionBits <= 21;
}

/** The correlation that one evaluation uses up. */
export function piecesFor(elements: number, fractionBits: number): Correlation {
  return {
    kind: 'pieces',
    elements,
    squareCut: 2 * fractionBits - squareBits,
    resultCut: polynomialBits - fractionBits,
  };
}

/** Bytes that each of the two opens, round by round; `word` those of the elements. */
export function piecesOpen(word: number, elements: number): number[] {
  return [word, word + 12 * elements, 2 * word + 3 * elements, 3 * elements, word];
}

/** Half of the function's value. Needs x^2 < 2^(k-2-2f) where x is between the outer breakpoints. */
export async function evaluatePieces(
  two: TwoParties,
  x: Uint8Array,
  ring: Ring,
  pieces: Pieces,
): Promise<Uint8Array> {
  const { kernels, bits, first } = two;
  const f = ring.fractionBits;
  const words = new Words(kernels, bits);
  const publicly = (half: Uint8Array, value: Uint8Array): Uint8Array =>
    first ? words.add(half, value) : half;
  const mask = (index: number) => dealtPart(two.masks, index);
  const [r, ofSquare, ofLower, ofUpper, ofChosen] = [mask(0), mask(3), mask(4), mask(5), mask(6)];
  const elements = words.count(x);

  const c = await two.openSum(words.add(x, r), r);
  const made = await two.products();
  const part = (index: number) => dealtPart(made, index);
  const { low: lowest, middle, high } = pieces.breakpoints;
  // The identity starts above `high`, not at it.
  const below = [lowest, middle, high + 2 ** -f].map((t) => encodeScalar(ring, t));
  const leaves = compareLeaves(two, c, part(0), { below });

  // x = c - r
  const square = publicly(
    words.sub(part(3), words.shift(words.mul(c, r), 'left', 1)),
    words.mul(c, c),
  );
  const [openedSquare, opened4] = await two.openBoth(
    { own: words.add(first ? offset(words, bits, square) : square, ofSquare), mask: ofSquare },
    { own: gateInputs(two, 4, leaves, mask(1)), mask: mask(1) },
  );
  const quarter = gateOutputs(two, 4, {
    opened: opened4,
    mask: mask(1),
    products: part(1),
    lanes: leaves,
  });

  const powers = powersOf(words, first, c, r, {
    ...truncatedOf(words, bits, 2 * f - squareBits, {
      opened: openedSquare,
      low: part(4),
      top: part(5),
    }),
    products: made.slice(6, 12),
  });
  const terms: readonly (readonly [power: Uint8Array, powerBits: number])[] = [
    [x, f],
    [powers.t, squareBits],
    [powers.xt, f + squareBits],
    [powers.t2, 2 * squareBits],
    [powers.t3, 3 * squareBits],
  ];
  const combine = (coefficients: readonly number[], constant: number): Uint8Array => {
    const sum = terms.reduce<Uint8Array | null>((total, [power, powerBits], index) => {
      const coefficient = coefficients[index] ?? 0;
      if (coefficient === 0) return total;
      const scaled = words.mulScalar(power, atBits(coefficient, polynomialBits - powerBits));
      return total === null ? scaled : words.add(total, scaled);
    }, null);
    if (sum === null) throw new EngineError('range', 'pieces: a polynomial without a power');
    return first ? words.addScalar(sum, atBits(constant, polynomialBits)) : sum;
  };
  const { lower, upper } = pieces;
  const polynomials = joinBytes(
    combine([lower.one, lower.two, lower.three], lower.zero),
    combine([upper.one, upper.two, 0, upper.four, upper.six], upper.zero),
  );
  const ofPolynomials = joinBytes(ofLower, ofUpper);
  const [e, opened1] = await two.openBoth(
    { own: words.add(polynomials, ofPolynomials), mask: ofPolynomials },
    { own: gateInputs(two, 1, quarter, mask(2)), mask: mask(2) },
  );
  const whole = gateOutputs(two, 1, {
    opened: opened1,
    mask: mask(2),
    products: part(2),
    lanes: quarter,
  });
  const answers = answersOf(two, leaves.top, whole);
  const answer = (index: number) => answers.subarray(index * elements, (index + 1) * elements);
  const [belowLow, belowMiddle, belowHigh] = [answer(0), answer(1), answer(2)];
  const ones = new Uint8Array(elements).fill(first ? 1 : 0);
  const selectors = joinBytes(
    words.xor(belowLow, belowMiddle),
    words.xor(belowMiddle, belowHigh),
    words.xor(belowHigh, ones),
  );

  // bit y for y = e - a: with bit = z xor q for a dealt q, and q a, as in `bitTimesNumber`.
  const bitMasks = joinBytes(part(12), part(14), part(16));
  const maskLanes = allocateBytes(3 * elements);
  kernels.resizeLanes(bits, 8, bitMasks, maskLanes);
  const lowestBits = words.and(
    words.xor(selectors, maskLanes),
    new Uint8Array(3 * elements).fill(1),
  );
  const z = await two.openBits(lowestBits, bitMasks);
  const values = joinBytes(polynomials, x);
  const openedValues = joinBytes(e, c);
  const productsWithMask = joinBytes(part(13), part(15), part(17));
  const masked = words.sub(words.mul(bitMasks, openedValues), productsWithMask);
  const chosen = words.add(
    words.choose(z, new Uint8Array(values.length), values),
    words.choose(z, masked, words.negate(masked)),
  );
  const piece = (index: number) => chosen.subarray(index * x.length, (index + 1) * x.length);

  const sum = words.add(piece(0), piece(1));
  const opened = await two.openSum(
    words.add(first ? offset(words, bits, sum) : sum, ofChosen),
    ofChosen,
  );
  const cut = polynomialBits - f;
  const truncated = words.maskedTruncation(first, cut, { opened, low: part(18), top: part(19) });
  return words.add(truncated, piece(2));
}

/** Halves of t, t^2, t^3 and x t for x = c - r and t = known + hidden; see `deal.ts` for the products. */
function powersOf(
  words: Words,
  first: boolean,
  c: Uint8Array,
  r: Uint8Array,
  t: ReturnType<typeof truncatedOf> & { readonly products: readonly Uint8Array[] },
): Readonly<Record<'t' | 't2' | 't3' | 'xt', Uint8Array>> {
  const { known, sign, hidden } = t;
  const [low2, topLow, low3, topLow2, rLow, rTop] = [0, 1, 2, 3, 4, 5].map((index) =>
    dealtPart(t.products, index),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const publicly = (half: Uint8Array, value: () => Uint8Array): Uint8Array =>
    first ? words.add(half, value()) : half;
  const twice = (value: Uint8Array) => words.shift(value, 'left', 1);
  const thrice = (value: Uint8Array) => words.add(value, twice(value));
  const known2 = words.mul(known, known);
  // S^2 and S^3; the square of the top bit's part vanishes.
  const hidden2 = words.sub(low2, twice(words.mul(sign, topLow)));
  const hidden3 = words.sub(thrice(words.mul(sign, topLow2)), low3);
  const rHidden = words.sub(words.mul(sign, rTop), rLow);
  return {
    t: publicly(hidden, () => known),
    t2: publicly(words.add(hidden2, twice(words.mul(known, hidden))), () => known2),
    t3: publicly(
      words.add(hidden3, thrice(words.add(words.mul(known, hidden2), words.mul(known2, hidden)))),
      () => words.mul(known2, known),
    ),
    xt: publicly(words.sub(words.sub(words.mul(c, hidden), words.mul(known, r)), rHidden), () =>
      words.mul(c, known),
    ),
  };
}

/**
 * A function of pieces (a GeLU, a SiLU) between two parties, in five rounds: x is opened once, for its
 * comparisons and for its powers; its square t is truncated to 12 fraction bits, and all higher powers
 * are local products of dealt parts of the two masks (masked-truncation.ts). Polynomials stand at 59
 * fraction bits until their bits have chosen between them. 44 bytes an element sent by each party for
 * one polynomial, 58 for two.
 *
 *   round 1  x
 *   round 2  t, the first level of gates
 *   round 3  the second level, the polynomials
 *   round 4  the bits that choose
 *   round 5  the truncation of what was chosen
 */
import type { Correlation } from '../correlations/correlation.ts';
import { atBits, encodeScalar } from '../fixed-point.ts';
import type { Ring } from '../plan.ts';
import type { Pieces } from '../protocol.ts';
import { offset } from '../ring/masked-truncation.ts';
import { allocateBytes, joinBytes } from '../ring/tensor.ts';
import { Words } from '../ring/words.ts';
import { answersOf, compareLeaves, gateInputs, gateOutputs } from './masked-comparison.ts';
import { truncatedOf, type Truncated } from './masked-truncation.ts';
import { dealtPart, type TwoParties } from './two-parties.ts';

/** Fraction bits of t. */
const squareBits = 12;
/** Of the polynomials: their values are below 4. */
const polynomialBits = 59;

/** Whether the powers of values in this ring have room: x to a few units, and all cuts below k / 2. */
export function hasRoomForPieces({ bits, fractionBits }: Ring): boolean {
  return bits === 64 && fractionBits >= squareBits && fractionBits <= 21;
}

/** How many polynomials there are. */
export const polynomialsOf = ({ lower }: Pieces): 1 | 2 => (lower === null ? 1 : 2);

/** The correlation that one evaluation uses up. */
export function piecesFor(elements: number, fractionBits: number, polynomials: 1 | 2): Correlation {
  return {
    kind: 'pieces',
    elements,
    polynomials,
    squareCut: 2 * fractionBits - squareBits,
    resultCut: polynomialBits - fractionBits,
  };
}

/** Bytes that each of the two opens, round by round; `word` those of the elements. */
export function piecesOpen(word: number, elements: number, polynomials: 1 | 2): number[] {
  const bits = (polynomials + 1) * elements;
  return [word, word + 4 * bits, polynomials * word + bits, bits, word];
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
  const polynomials = polynomialsOf(pieces);
  const [r, ofSquare, ofChosen] = [mask(0), mask(3), mask(4 + polynomials)];
  const ofPolynomials = two.masks.slice(4, 4 + polynomials);
  const elements = words.count(x);

  const c = await two.openSum(words.add(x, r), r);
  const made = await two.products();
  let read = 0;
  /** The next ones of the dealt parts that are ring elements; those of the comparisons come last. */
  const next = (count: number) => made.slice(read, (read += count));
  const [r2, low, top] = next(3) as [Uint8Array, Uint8Array, Uint8Array];
  // The identity starts above `high`, not at it.
  const thresholds = [
    pieces.low,
    ...(pieces.lower === null ? [] : [pieces.lower.end]),
    pieces.high + 2 ** -f,
  ];
  const below = thresholds.map((t) => encodeScalar(ring, t));
  const [ofBits, ofGates4, ofGates1] = made.slice(-3) as [Uint8Array, Uint8Array, Uint8Array];
  const leaves = compareLeaves(two, c, ofBits, { below });

  // x = c - r
  const square = publicly(words.sub(r2, words.shift(words.mul(c, r), 'left', 1)), words.mul(c, c));
  const [openedSquare, opened4] = await two.openBoth(
    { own: words.add(first ? offset(words, bits, square) : square, ofSquare), masks: [ofSquare] },
    { own: gateInputs(two, 4, leaves, mask(1)), masks: [mask(1)] },
  );
  const quarter = gateOutputs(two, 4, {
    opened: opened4,
    mask: mask(1),
    products: ofGates4,
    lanes: leaves,
  });

  const truncated = truncatedOf(words, bits, 2 * f - squareBits, {
    opened: openedSquare,
    low,
    top,
  });
  const powers = powersOf(words, first, { ...truncated, products: next(4) });
  const halves = [
    ...(pieces.lower === null
      ? []
      : [cubic(words, first, f, pieces.lower, { x, c, r, truncated, powers, products: next(2) })]),
    sextic(words, first, f, pieces.upper, x, powers),
  ];
  const [e, opened1] = await two.openBoth(
    { own: words.add(joinBytes(...halves), joinBytes(...ofPolynomials)), masks: ofPolynomials },
    { own: gateInputs(two, 1, quarter, mask(2)), masks: [mask(2)] },
  );
  const whole = gateOutputs(two, 1, {
    opened: opened1,
    mask: mask(2),
    products: ofGates1,
    lanes: quarter,
  });
  const answers = answersOf(two, leaves.top, whole);
  // Each answer xor the next one, the last of which would be 1.
  const ones = new Uint8Array(elements).fill(first ? 1 : 0);
  const selectors = words.xor(answers, joinBytes(answers.subarray(elements), ones));

  // bit y for y = e - a: with bit = z xor q for a dealt q, and q a, as in `bitTimesNumber`.
  const count = polynomials + 1;
  const pairs = next(2 * count);
  const ofEachBit = pairs.filter((_, index) => index % 2 === 0);
  const bitMasks = joinBytes(...ofEachBit);
  const productsWithMask = joinBytes(...pairs.filter((_, index) => index % 2 === 1));
  const maskLanes = allocateBytes(count * elements);
  kernels.resizeLanes(bits, 8, bitMasks, maskLanes);
  const lowestBits = words.and(
    words.xor(selectors, maskLanes),
    new Uint8Array(count * elements).fill(1),
  );
  const z = await two.openBits(lowestBits, ...ofEachBit);
  const values = joinBytes(...halves, x);
  const masked = words.sub(words.mul(bitMasks, joinBytes(e, c)), productsWithMask);
  const chosen = words.add(
    words.choose(z, new Uint8Array(values.length), values),
    words.choose(z, masked, words.negate(masked)),
  );
  const piece = (index: number) => chosen.subarray(index * x.length, (index + 1) * x.length);

  const sum = polynomials === 1 ? piece(0) : words.add(piece(0), piece(1));
  const opened = await two.openSum(
    words.add(first ? offset(words, bits, sum) : sum, ofChosen),
    ofChosen,
  );
  const [lastLow, lastTop] = next(2) as [Uint8Array, Uint8Array];
  const parts = { opened, low: lastLow, top: lastTop };
  return words.add(words.maskedTruncation(first, polynomialBits - f, parts), piece(polynomials));
}

type Powers = Readonly<Record<'t' | 't2' | 't3', Uint8Array>>;

function sextic(
  words: Words,
  first: boolean,
  f: number,
  { zero, one, two, four, six }: Pieces['upper'],
  x: Uint8Array,
  { t, t2, t3 }: Powers,
): Uint8Array {
  return combine(words, first, zero, [
    [x, f, one],
    [t, squareBits, two],
    [t2, 2 * squareBits, four],
    [t3, 3 * squareBits, six],
  ]);
}

function cubic(
  words: Words,
  first: boolean,
  f: number,
  { zero, one, two, three }: NonNullable<Pieces['lower']>,
  from: {
    readonly x: Uint8Array;
    readonly c: Uint8Array;
    readonly r: Uint8Array;
    readonly truncated: Truncated;
    readonly powers: Powers;
    readonly products: readonly Uint8Array[];
  },
): Uint8Array {
  const { x, c, r } = from;
  const { known, sign, hidden } = from.truncated;
  const [rLow, rTop] = [dealtPart(from.products, 0), dealtPart(from.products, 1)];
  // x t for x = c - r and t = known + hidden.
  const rHidden = words.sub(words.mul(sign, rTop), rLow);
  const half = words.sub(words.sub(words.mul(c, hidden), words.mul(known, r)), rHidden);
  const xt = first ? words.add(half, words.mul(c, known)) : half;
  return combine(words, first, zero, [
    [x, f, one],
    [from.powers.t, squareBits, two],
    [xt, f + squareBits, three],
  ]);
}

/** Half of the sum of coefficient times power, and of the constant; every power has its fraction bits. */
function combine(
  words: Words,
  first: boolean,
  constant: number,
  terms: readonly (readonly [power: Uint8Array, powerBits: number, coefficient: number])[],
): Uint8Array {
  const sum = terms
    .filter(([, , coefficient]) => coefficient !== 0)
    .map(([power, powerBits, coefficient]) =>
      words.mulScalar(power, atBits(coefficient, polynomialBits - powerBits)),
    )
    .reduce((total, term) => words.add(total, term));
  return first ? words.addScalar(sum, atBits(constant, polynomialBits)) : sum;
}

/** Halves of t, t^2 and t^3 for t = known + hidden; see `deal.ts` for the products. */
function powersOf(
  words: Words,
  first: boolean,
  { known, sign, hidden, products }: Truncated & { readonly products: readonly Uint8Array[] },
): Powers {
  const [low2, topLow, low3, topLow2] = [0, 1, 2, 3].map((index) => dealtPart(products, index)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const publicly = (half: Uint8Array, value: () => Uint8Array): Uint8Array =>
    first ? words.add(half, value()) : half;
  const twice = (value: Uint8Array) => words.shift(value, 'left', 1);
  const thrice = (value: Uint8Array) => words.add(value, twice(value));
  const known2 = words.mul(known, known);
  // S^2 and S^3; the square of the top bit's part vanishes.
  const hidden2 = words.sub(low2, twice(words.mul(sign, topLow)));
  const hidden3 = words.sub(thrice(words.mul(sign, topLow2)), low3);
  return {
    t: publicly(hidden, () => known),
    t2: publicly(words.add(hidden2, twice(words.mul(known, hidden))), () => known2),
    t3: publicly(
      words.add(hidden3, thrice(words.add(words.mul(known, hidden2), words.mul(known2, hidden)))),
      () => words.mul(known2, known),
    ),
  };
}

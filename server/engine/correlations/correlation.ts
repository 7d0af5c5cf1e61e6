/**
 * Correlation: what two parties need to have been dealt before one step of a protocol.
 *
 * Every correlation consists of `free` parts, of which both parties draw their half from a stream
 * that they share with the dealer, and of `made` parts, which follow from the free ones: party 1
 * draws its half too, party 0's is what the dealer has to send (the correction). So a dealer sends
 * only what seeds cannot make, and only to party 0.
 */
import type { MatmulShape, RingBits } from '../ring/kernels.ts';

export type Correlation =
  /** a, b, c with c = a b, element-wise (Beaver 1991). */
  | { readonly kind: 'triple'; readonly elements: number }
  /** The same with matrix products. */
  | { readonly kind: 'matrixTriple'; readonly shape: MatmulShape }
  /** a, c with c = a B for the mask B of a weight, see `weightMask`. */
  | { readonly kind: 'weightTriple'; readonly weight: number; readonly shape: MatmulShape }
  /** B: masks one weight for the whole session; the only mask that is used more than once. */
  | { readonly kind: 'weightMask'; readonly weight: number; readonly elements: number }
  /** r, r^2. */
  | { readonly kind: 'square'; readonly elements: number }
  /** a, b, c with c = a and b, bit by bit. */
  | { readonly kind: 'binaryTriple'; readonly bytes: number }
  /** Random bits as ring elements; their lowest bits are a boolean sharing of the same bits. */
  | { readonly kind: 'bits'; readonly elements: number }
  /** A random bit r as above, a random a, and r a. */
  | { readonly kind: 'bitProduct'; readonly elements: number }
  /** r, (r without its top bit) >> bits, top bit of r (Dalskov, Escudero, Keller, arXiv 1910.12435). */
  | { readonly kind: 'truncationPair'; readonly elements: number; readonly bits: number }
  /**
   * For `times` squarings, each truncated by `bits`: masks r_0 to r_times, r_0^2, and of each later mask
   * its low part l, shifted, its top bit t, and but for the last l^2 and 2 t 2^(k-1-bits) l. See
   * `protocols/masked-squares.ts`.
   */
  | {
      readonly kind: 'squares';
      readonly elements: number;
      readonly times: number;
      readonly bits: number;
    }
  /**
   * For a function of pieces: mask r of x with products of its bits, masks of gates and their products
   * for a comparison more than there are polynomials, r^2; mask of x^2 with its parts and products of
   * these; masks of the polynomials and of x with a random bit each; mask of the result with its parts.
   * The bits that are cut off x^2 and off the result. See `protocols/masked-pieces.ts`.
   */
  | {
      readonly kind: 'pieces';
      readonly elements: number;
      readonly polynomials: 1 | 2;
      readonly squareCut: number;
      readonly resultCut: number;
    }
  /**
   * For e^x: mask r of x with products of its bits, masks of gates and their products for two
   * comparisons, two random bits; e^-m of the low `width` bits m of r, and its products with the bits;
   * mask of the result with its parts, of which `cut` bits go. See `protocols/masked-exponential.ts`.
   */
  | {
      readonly kind: 'exponential';
      readonly elements: number;
      readonly width: number;
      readonly cut: number;
    }
  /** r, and the one-hot row, of length 2^width, of its low bits. See `protocols/masked-one-hot.ts`. */
  | { readonly kind: 'oneHot'; readonly elements: number; readonly width: number }
  /** r as a ring element, and its bits. */
  | { readonly kind: 'maskWithBits'; readonly elements: number }
  /**
   * r as a ring element and the products of its bits within groups of four; masks of the inputs of two
   * levels of gates for each threshold, and their products. See `protocols/masked-comparison.ts`.
   */
  | { readonly kind: 'comparison'; readonly elements: number; readonly thresholds: number };

/** Sums of halves are values mod 2^k, or their xor is. */
export type Sharing = 'arithmetic' | 'boolean';

export interface Part {
  readonly bytes: number;
  readonly sharing: Sharing;
}

/** The parts in the order in which they are drawn. */
export interface Layout {
  readonly free: readonly Part[];
  readonly made: readonly Part[];
}

const arithmetic = (bytes: number): Part => ({ bytes, sharing: 'arithmetic' });
const boolean = (bytes: number): Part => ({ bytes, sharing: 'boolean' });

/** Products of an opened number's mask bits, and of its gates' masks: last, for they end anywhere in a word. */
const comparisonParts = (elements: number, gates: number): Part[] => [
  boolean(30 * elements),
  boolean(11 * gates),
  boolean(3 * gates),
];

export function layoutOf(bits: RingBits, correlation: Correlation): Layout {
  const words = (count: number): Part => arithmetic((count * bits) / 8);
  switch (correlation.kind) {
    case 'triple': {
      const size = words(correlation.elements);
      return { free: [size, size], made: [size] };
    }
    case 'matrixTriple': {
      const { batch, yBatch, m, k, n } = correlation.shape;
      return { free: [words(batch * m * k), words(yBatch * k * n)], made: [words(batch * m * n)] };
    }
    case 'weightTriple': {
      const { batch, m, k, n } = correlation.shape;
      return { free: [words(batch * m * k)], made: [words(batch * m * n)] };
    }
    case 'weightMask':
      return { free: [words(correlation.elements)], made: [] };
    case 'square': {
      const size = words(correlation.elements);
      return { free: [size], made: [size] };
    }
    case 'binaryTriple': {
      const size = boolean(correlation.bytes);
      return { free: [size, size], made: [size] };
    }
    case 'bits':
      return { free: [], made: [words(correlation.elements)] };
    case 'bitProduct': {
      const size = words(correlation.elements);
      return { free: [size], made: [size, size] };
    }
    case 'truncationPair': {
      const size = words(correlation.elements);
      return { free: [size], made: [size, size] };
    }
    case 'squares': {
      const size = words(correlation.elements);
      const { times } = correlation;
      return {
        free: Array<Part>(times + 1).fill(size),
        made: Array<Part>(4 * times - 1).fill(size),
      };
    }
    case 'pieces': {
      const { elements, polynomials } = correlation;
      const size = words(elements);
      const gates = (polynomials + 1) * elements;
      return {
        free: [
          size,
          boolean(4 * gates),
          boolean(gates),
          ...Array<Part>(polynomials + 2).fill(size),
        ],
        made: [
          // A cubic beside needs two products more.
          ...Array<Part>(polynomials === 2 ? 17 : 13).fill(size),
          ...comparisonParts(elements, gates),
        ],
      };
    }
    case 'exponential': {
      const { elements } = correlation;
      const size = words(elements);
      const gates = 2 * elements;
      return {
        free: [size, boolean(4 * gates), boolean(gates), boolean(gates), size],
        made: [...Array<Part>(6).fill(size), ...comparisonParts(elements, gates)],
      };
    }
    case 'oneHot': {
      const { elements, width } = correlation;
      return { free: [words(elements)], made: [words(elements * 2 ** width)] };
    }
    case 'maskWithBits': {
      const size = words(correlation.elements);
      return { free: [size], made: [boolean(size.bytes)] };
    }
    case 'comparison': {
      const { elements, thresholds } = correlation;
      const gates = thresholds * elements;
      return {
        free: [words(elements), boolean(4 * gates), boolean(gates)],
        made: comparisonParts(elements, gates),
      };
    }
  }
}

/** What the dealer has to send to party 0. */
export function correctionBytes(bits: RingBits, correlation: Correlation): number {
  return layoutOf(bits, correlation).made.reduce((sum, part) => sum + part.bytes, 0);
}

/**
 * 32-bit mark of a correlation, which travels with its correction: party 0 notices a dealer that does
 * not run the same plan even where lengths agree (party 1 is sent nothing and cannot). FNV-1a over
 * kind and sizes.
 */
export function tagOf(correlation: Correlation): number {
  const text = `${correlation.kind} ${sizesOf(correlation).toSorted().join()}`;
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

function sizesOf(description: object): string[] {
  return Object.entries(description).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'number') return [`${name} ${value}`];
    return typeof value === 'object' && value !== null ? sizesOf(value) : [];
  });
}

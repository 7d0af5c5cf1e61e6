/**
 * What parties see of each other's values, line by line: the text that the threat model shows, and
 * the operations and domains that it speaks of. A run that opens or receives anything else fails
 * (`announced-openings.ts`); a test finds every line used and every opening covered. Plain data.
 */
import type { VariantId } from '../plan.ts';
import type { InteractiveOp } from '../protocol.ts';

/**
 * number: opened, ring elements; bytes: opened, whole bytes; bit: opened, one bit per lane; fresh:
 * received, a message that hides under what others have drawn.
 */
export type SeenKind = 'number' | 'bytes' | 'bit' | 'fresh';

export interface SeenLine {
  readonly text: string;
  /** Per operation what may be seen in it; no operation: nothing is. */
  readonly opens: Readonly<Partial<Record<InteractiveOp, readonly SeenKind[]>>>;
  /** Parties that see it; default: all. */
  readonly by?: readonly number[];
}

export type SecretVariant = Exclude<VariantId, 'clear'>;

const product: SeenLine = {
  text: 'in a product: one ring element, masked by a zero share of which it misses one key',
  opens: { mul: ['fresh'], square: ['fresh'], matmul: ['fresh'] },
};
const circuit: SeenLine = {
  text: 'in a boolean circuit: products of bits, and before it the sum of two components as bits, each xor a zero share of which it misses one key',
  opens: { a2b: ['fresh'], msb: ['fresh'], isZero: ['fresh'], and: ['fresh'] },
};
const truncation =
  'in a truncation that it opens with a second party: the value plus a mask of which it knows one of two summands, halves of that mask’s parts, and then the other’s half of the result minus a number of which it misses one summand; as the helper it sees nothing';
const transfer: SeenLine = {
  text: 'in an oblivious transfer that it receives: two messages under keys of the other two, and the mask of one of them; as the helper: the receiver’s result, minus numbers of which it misses one',
  opens: { b2aBit: ['fresh'], bitMul: ['fresh'] },
};
const maskedWords =
  'when whole words of bits become numbers: bits of a random mask xor a zero share, and the value plus that mask, of which it misses a part';
const wholeWords: readonly SeenLine[] = [
  { text: maskedWords, opens: { b2aWord: ['fresh', 'bytes'] }, by: [0] },
  {
    text: 'when whole words of bits become numbers: bits of a mask that it knows xor a zero share, and a part of that mask',
    opens: { b2aWord: ['fresh'] },
    by: [1],
  },
  // Party 0 tells it the value that it has opened.
  { text: maskedWords, opens: { b2aWord: ['fresh'] }, by: [2] },
];

const bits: SeenLine = {
  text: 'in a boolean circuit: pairs of bits, each xor a dealt random bit',
  opens: { a2b: ['bytes'], msb: ['bytes'], isZero: ['bytes'], and: ['bytes'] },
};
const wrap: SeenLine = {
  text: 'in a truncation: the value plus a dealt random number of the whole ring (x + r)',
  opens: { truncate: ['number'] },
};
const maskedSquare: SeenLine = {
  text: 'in a square: the number minus its mask (x - r)',
  opens: { square: ['number'] },
};
const triples = 'in a product: both factors minus their masks, from a dealt triple (x - a, y - b)';

/** Per variant, in the order in which pages show them. */
export const seenLines: Readonly<Record<SecretVariant, readonly SeenLine[]>> = {
  'replicated/aby3': [
    product,
    { text: truncation, opens: { truncate: ['bytes', 'fresh'] } },
    transfer,
    circuit,
    ...wholeWords,
  ],
  'replicated/fast': [
    product,
    {
      text: `${truncation}; where the truncation is part of a product, also the helper’s term of that product, masked by a zero share`,
      opens: {
        truncate: ['bytes', 'fresh'],
        mulTruncate: ['bytes', 'fresh'],
        matmulTruncate: ['bytes', 'fresh'],
      },
    },
    {
      text: 'in a test for zero that it opens with a second party: the value plus such a mask, and the mask’s bits xor two strings of which it knows one',
      opens: { isZero: ['bytes', 'fresh'] },
    },
    {
      text: 'in a comparison that it opens with a second party: the value plus a mask of the helper’s, then inputs of gates xor such masks, of each of which it has one half; the halves of products of mask bits that the helper sends; and the other’s half of the answer xor a string of which it misses one; as the helper it sees nothing',
      opens: { msb: ['bytes', 'fresh'], below: ['bytes', 'fresh'] },
    },
    {
      text: 'in repeated squaring that it opens with a second party: the value, then each square before its truncation, plus a mask of the helper’s of which it has one half; halves of products of these masks; and the other’s half of the result minus a number of which it misses one summand; as the helper it sees nothing',
      opens: { squareTimes: ['bytes', 'fresh'] },
    },
    {
      text: 'in a function of pieces that it opens with a second party: the value, its square, both polynomials and their selected sum, each plus a mask of the helper’s of which it has one half; inputs of gates and the selecting bits xor such masks; halves of products of these masks; and the other’s half of the result minus a number of which it misses one summand; as the helper it sees nothing',
      opens: { pieces: ['bytes', 'bit', 'fresh'] },
    },
    {
      text: 'in an exponential that it opens with a second party: the value, and the result before its truncation, each plus a mask of the helper’s of which it has one half; inputs of gates and the two choosing bits xor such masks; halves of products of these masks and of a power of the first; and the other’s half of the result minus a number of which it misses one summand; as the helper it sees nothing',
      opens: { exponential: ['bytes', 'bit', 'fresh'] },
    },
    {
      text: 'in the one-hot row of an index that it opens with a second party: the index minus a mask of the helper’s of which it has one half; a half of the mask’s one-hot row; and the other’s half of the result minus a number of which it misses one summand; as the helper it sees nothing',
      opens: { oneHot: ['bytes', 'fresh'] },
    },
    transfer,
    { text: circuit.text, opens: { a2b: ['fresh'], and: ['fresh'] } },
    ...wholeWords,
  ],
  'additive/crypten': [
    { text: triples, opens: { mul: ['number'], matmul: ['number'], bitMul: ['number'] } },
    maskedSquare,
    bits,
    {
      text: 'when bits become numbers: each bit xor a dealt random bit, one word per bit',
      opens: { b2aWord: ['bit'], b2aBit: ['bit'], bitMul: ['bit'] },
    },
    { text: 'in a truncation: nothing, each party divides its own half', opens: {} },
  ],
  'additive/semi2k': [
    {
      text: triples,
      opens: { mul: ['number'], square: ['number'], matmul: ['number'], bitMul: ['number'] },
    },
    wrap,
    bits,
    {
      text: 'when bits become numbers: each bit xor a dealt random bit',
      opens: { b2aWord: ['bytes'], b2aBit: ['bit'], bitMul: ['bit'] },
    },
  ],
  'additive/fast': [
    {
      text: 'in a product: both factors minus their masks; a weight is masked and opened once per session, under a mask that serves that weight alone',
      opens: { mul: ['number'], matmul: ['number'], weight: ['number'] },
    },
    maskedSquare,
    wrap,
    {
      text: 'in a comparison or a test for zero: the value plus a dealt number of whose bits products are shared, then inputs of gates xor dealt bits',
      opens: { msb: ['number', 'bytes'], below: ['number', 'bytes'], isZero: ['number', 'bytes'] },
    },
    {
      text: 'in repeated squaring: the value, then each square before its truncation, plus a dealt random number of the whole ring each',
      opens: { squareTimes: ['number'] },
    },
    {
      text: 'in a function of pieces: the value, its square, both polynomials and their selected sum, each plus a dealt random number; inputs of gates and the selecting bits xor dealt bits',
      opens: { pieces: ['number', 'bytes', 'bit'] },
    },
    {
      text: 'in an exponential: the value, and the result before its truncation, each plus a dealt random number; inputs of gates and the two choosing bits xor dealt bits',
      opens: { exponential: ['number', 'bytes', 'bit'] },
    },
    {
      text: 'in the one-hot row of an index: the index minus a dealt random number',
      opens: { oneHot: ['number'] },
    },
    {
      text: 'when numbers become bits: the value plus a dealt number whose bits are shared, then as in a boolean circuit',
      opens: { a2b: ['number', 'bytes'] },
    },
    { text: bits.text, opens: { and: ['bytes'] } },
    {
      text: 'when bits become numbers: each bit xor a dealt random bit',
      opens: { b2aWord: ['bytes'], b2aBit: ['bit'] },
    },
    {
      text: 'in a bit times a number: the bit xor a dealt bit, and the number minus its mask',
      opens: { bitMul: ['bit', 'number'] },
    },
  ],
};

/** The lines that speak of what party `party` sees. */
export const linesOf = (variant: SecretVariant, party: number): readonly SeenLine[] =>
  seenLines[variant].filter(({ by }) => by === undefined || by.includes(party));

/**
 * Two of the three parties compute, A and B; the third, the helper, deals to them what a dealer would:
 * it knows all masks and nothing that is opened under them. Roles rotate by turn. The same
 * correlations as in the additive family: A is sent what seeds cannot make, B nothing. What comes out
 * A and B have halves of; each takes off a component that it shares with the helper, and they tell
 * each other the rest.
 */
import { correctionBytes, layoutOf, type Correlation } from '../../correlations/correlation.ts';
import { Dealing } from '../../correlations/deal.ts';
import { wholeBytes, type Opening } from '../../opening-log.ts';
import type { Pieces } from '../../protocol.ts';
import type { LaneBits } from '../../ring/kernels.ts';
import type { Prg } from '../../ring/prg.ts';
import { elementCount, joinBytes, type Shape, type Tensor } from '../../ring/tensor.ts';
import type { Holder, Talk } from '../../session.ts';
import { compareMasked, comparisonFor, type Question } from '../masked-comparison.ts';
import { evaluateExponential, exponentialFor } from '../masked-exponential.ts';
import { oneHotFor, oneHotMasked } from '../masked-one-hot.ts';
import { evaluatePieces, piecesFor, polynomialsOf } from '../masked-pieces.ts';
import { squareMasked, squaresFor } from '../masked-squares.ts';
import type { Masked, TwoParties } from '../two-parties.ts';
import { wordsOf, type Pair } from './arithmetic.ts';
import { takeRoles, type Roles } from './truncation.ts';

/**
 * Answers in 8-bit lanes, of the given shape. Four rounds, 72 bytes per element summed over the
 * parties (k = 64), 26 for every further threshold.
 */
export function compareHelped(
  talk: Talk,
  x: Pair,
  shape: Shape,
  question: Question,
): Promise<Pair> {
  const correlation = comparisonFor(question, elementCount(x[0].shape));
  return helped(talk, x, correlation, { kind: 'xor', lane: 8, shape }, (two, half) =>
    compareMasked(two, half, question),
  );
}

/** See `squareMasked`. times + 2 rounds; for times = 5, 264 bytes per element summed over the parties. */
export function squareHelped(talk: Talk, x: Pair, times: number, cut: number): Promise<Pair> {
  const { shape } = x[0];
  const correlation = squaresFor(elementCount(shape), times, cut);
  const lane = talk.session.ring.bits;
  return helped(talk, x, correlation, { kind: 'sum', lane, shape }, (two, half) =>
    squareMasked(two, half, times, cut),
  );
}

/** See `evaluatePieces`. Six rounds, 340 bytes per element summed over the parties with two polynomials, 266 with one. */
export function evaluateHelped(talk: Talk, x: Pair, pieces: Pieces): Promise<Pair> {
  const { shape } = x[0];
  const { ring } = talk.session;
  const elements = elementCount(shape);
  const correlation = piecesFor(elements, ring.fractionBits, polynomialsOf(pieces));
  return helped(talk, x, correlation, { kind: 'sum', lane: ring.bits, shape }, (two, half) =>
    evaluatePieces(two, half, ring, pieces),
  );
}

/** e^x, see `evaluateExponential`. Six rounds, 170 bytes per element summed over the parties. */
export function powerHelped(talk: Talk, x: Pair): Promise<Pair> {
  const { shape } = x[0];
  const { ring } = talk.session;
  const correlation = exponentialFor(elementCount(shape), ring.fractionBits);
  return helped(talk, x, correlation, { kind: 'sum', lane: ring.bits, shape }, (two, half) =>
    evaluateExponential(two, half, ring),
  );
}

/** Rows [indices, size]. Two rounds, 24 bytes per entry and 16 per index summed over the parties. */
export function oneHotHelped(talk: Talk, x: Pair, size: number): Promise<Pair> {
  const correlation = oneHotFor(elementCount(x[0].shape), size);
  const shape = [...x[0].shape, size];
  const lane = talk.session.ring.bits;
  return helped(talk, x, correlation, { kind: 'sum', lane, shape }, (two, half) =>
    oneHotMasked(two, half, size),
  );
}

interface Result {
  /** How halves, and components, make up the value. */
  readonly kind: 'sum' | 'xor';
  readonly lane: LaneBits;
  readonly shape: Shape;
}

async function helped(
  talk: Talk,
  x: Pair,
  correlation: Correlation,
  { kind, lane, shape }: Result,
  step: (two: TwoParties, half: Uint8Array) => Promise<Uint8Array>,
): Promise<Pair> {
  const { kernels, ring, party } = talk.session;
  const words = wordsOf(talk);
  const roles = takeRoles(talk);
  const { a, b, helper } = roles;
  const length = (elementCount(shape) * lane) / 8;
  const tensor = (bytes: Uint8Array): Tensor => ({ elementBits: lane, shape, bytes });

  if (party === helper) {
    dealAsHelper(talk, roles, correlation);
    return [tensor(talk.random(b, length)), tensor(talk.random(a, length))];
  }
  const first = party === a;
  const { free, made } = helpedHalves(talk, roles, correlation);
  const halves = await step(
    {
      kernels,
      bits: ring.bits,
      first,
      masks: free,
      products: made,
      openSum: (own, ...masks) => openBetween(talk, roles, 'sum', { own, masks }),
      openXor: (own, ...masks) => openBetween(talk, roles, 'xor', { own, masks }),
      openBoth: (sum, xor) => openBothBetween(talk, roles, sum, xor),
      openBits: (own, ...masks) => openBetween(talk, roles, 'xor', { own, masks }, oneBit),
    },
    first ? words.add(x[0].bytes, x[1].bytes) : x[1].bytes,
  );
  const drawn = talk.random(helper, length);
  const rest = kind === 'sum' ? words.sub(halves, drawn) : words.xor(halves, drawn);
  const peer = first ? b : a;
  talk.send(peer, rest);
  const other = await talk.receive(peer, length);
  talk.sawMessage(other);
  const middle = kind === 'sum' ? words.add(rest, other) : words.xor(rest, other);
  return first ? [tensor(drawn), tensor(middle)] : [tensor(middle), tensor(drawn)];
}

/** One bit in each 8-bit lane. */
const oneBit: Opening['domain'] = { laneBits: 8, usedBits: 1 };

/** The helper's part of a correlation: one message, to A. */
function dealAsHelper(talk: Talk, { a, b }: Roles, correlation: Correlation): void {
  const { kernels, ring } = talk.session;
  const streamWith = (holder: Holder): Pick<Prg, 'bytes'> => ({
    bytes: (length) => talk.random(holder, length),
  });
  const streams = { first: streamWith(a), second: streamWith(b), own: streamWith('private') };
  talk.send(a, new Dealing(kernels, ring.bits).deal(correlation, streams));
}

/** A's or B's halves: the free parts at once, the made ones when they are asked for. */
function helpedHalves(
  talk: Talk,
  { a, helper }: Roles,
  correlation: Correlation,
): { readonly free: Uint8Array[]; readonly made: () => Promise<Uint8Array[]> } {
  const { bits } = talk.session.ring;
  const layout = layoutOf(bits, correlation);
  const free = layout.free.map(({ bytes }) => talk.random(helper, bytes));
  if (talk.session.party !== a) {
    const made = layout.made.map(({ bytes }) => talk.random(helper, bytes));
    return { free, made: async () => made };
  }
  return {
    free,
    made: async () => {
      const correction = await talk.receive(helper, correctionBytes(bits, correlation));
      talk.sawMessage(correction);
      let at = 0;
      return layout.made.map(({ bytes }) => correction.subarray(at, (at += bytes)));
    },
  };
}

/** A and B add, or xor, their halves of something that a mask of the helper hides. One round. */
async function openBetween(
  talk: Talk,
  { a, b }: Roles,
  kind: 'sum' | 'xor',
  half: Masked,
  domain: Opening['domain'] = wholeBytes,
): Promise<Uint8Array> {
  const peer = talk.session.party === a ? b : a;
  talk.send(peer, half.own);
  return joinHalves(talk, kind, half, await talk.receive(peer, half.own.length), domain);
}

/** Words that are added up and bytes that are xored, in one message. */
async function openBothBetween(
  talk: Talk,
  { a, b }: Roles,
  sum: Masked,
  xor: Masked,
): Promise<[Uint8Array, Uint8Array]> {
  const peer = talk.session.party === a ? b : a;
  const split = sum.own.length;
  talk.send(peer, joinBytes(sum.own, xor.own));
  const theirs = await talk.receive(peer, split + xor.own.length);
  return [
    joinHalves(talk, 'sum', sum, theirs.subarray(0, split), wholeBytes),
    joinHalves(talk, 'xor', xor, theirs.subarray(split), wholeBytes),
  ];
}

function joinHalves(
  talk: Talk,
  kind: 'sum' | 'xor',
  { own, masks }: Masked,
  theirs: Uint8Array,
  domain: Opening['domain'],
): Uint8Array {
  const words = wordsOf(talk);
  const bytes = kind === 'sum' ? words.add(own, theirs) : words.xor(own, theirs);
  talk.saw({ kind: 'opened', domain, masks, bytes, messages: [theirs] });
  return bytes;
}

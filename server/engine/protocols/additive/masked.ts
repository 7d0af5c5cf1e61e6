/** Steps under dealt masks that both families have; see `masked-comparison.ts`, `masked-squares.ts`. */
import type { Correlation } from '../../correlations/correlation.ts';
import { layoutOf } from '../../correlations/correlation.ts';
import type { Pieces } from '../../protocol.ts';
import type { Talk } from '../../session.ts';
import { comparisonFor, compareMasked, type Question } from '../masked-comparison.ts';
import { evaluateExponential, exponentialFor } from '../masked-exponential.ts';
import { oneHotFor, oneHotMasked } from '../masked-one-hot.ts';
import { evaluatePieces, piecesFor, polynomialsOf } from '../masked-pieces.ts';
import { squareMasked, squaresFor } from '../masked-squares.ts';
import type { TwoParties } from '../two-parties.ts';
import { openBoth, openSum, openXor } from './opening.ts';

/** Halves of the answers in 8-bit lanes; `x` is this party's half, in ring words. */
export function compare(talk: Talk, x: Uint8Array, question: Question): Promise<Uint8Array> {
  const elements = (x.length * 8) / talk.session.ring.bits;
  return compareMasked(twoParties(talk, comparisonFor(question, elements)), x, question);
}

export function squareTimes(
  talk: Talk,
  x: Uint8Array,
  times: number,
  cut: number,
): Promise<Uint8Array> {
  const elements = (x.length * 8) / talk.session.ring.bits;
  return squareMasked(twoParties(talk, squaresFor(elements, times, cut)), x, times, cut);
}

export function evaluate(talk: Talk, x: Uint8Array, pieces: Pieces): Promise<Uint8Array> {
  const { ring } = talk.session;
  const elements = (x.length * 8) / ring.bits;
  const correlation = piecesFor(elements, ring.fractionBits, polynomialsOf(pieces));
  return evaluatePieces(twoParties(talk, correlation), x, ring, pieces);
}

/** e^x. */
export function power(talk: Talk, x: Uint8Array): Promise<Uint8Array> {
  const { ring } = talk.session;
  const elements = (x.length * 8) / ring.bits;
  return evaluateExponential(
    twoParties(talk, exponentialFor(elements, ring.fractionBits)),
    x,
    ring,
  );
}

/** Rows [indices, size]. */
export function oneHot(talk: Talk, indices: Uint8Array, size: number): Promise<Uint8Array> {
  const elements = (indices.length * 8) / talk.session.ring.bits;
  return oneHotMasked(twoParties(talk, oneHotFor(elements, size)), indices, size);
}

function twoParties(talk: Talk, correlation: Correlation): TwoParties {
  const { kernels, ring, party } = talk.session;
  const parts = talk.correlate(correlation);
  const { free } = layoutOf(ring.bits, correlation);
  const products = parts.slice(free.length);
  return {
    kernels,
    bits: ring.bits,
    first: party === 0,
    masks: parts.slice(0, free.length),
    products: async () => products,
    openSum: (own, ...masks) => openSum(talk, own, { masks }),
    openXor: (own, ...masks) => openXor(talk, own, { masks }),
    openBoth: (sum, xor) => openBoth(talk, sum, xor),
    openBits: (own, ...masks) =>
      openXor(talk, own, { masks, domain: { laneBits: 8, usedBits: 1 } }),
  };
}

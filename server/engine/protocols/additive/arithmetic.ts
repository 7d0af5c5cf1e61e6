/**
 * Products of additive shares with dealt triples (Beaver, CRYPTO 1991): x - a and y - b are opened,
 * x y = c + (x - a) b + a (y - b) + (x - a)(y - b). One round each.
 */
import type { Correlation } from '../../correlations/correlation.ts';
import type { MatmulShape } from '../../ring/kernels.ts';
import { allocateBytes, joinBytes } from '../../ring/tensor.ts';
import type { Talk } from '../../session.ts';
import { openSum, wordsOf } from './opening.ts';

/** This party's halves of a correlation whose number of parts is known. */
export function halves<N extends 1 | 2 | 3>(
  talk: Talk,
  correlation: Correlation,
): N extends 1
  ? [Uint8Array]
  : N extends 2
    ? [Uint8Array, Uint8Array]
    : [Uint8Array, Uint8Array, Uint8Array] {
  return talk.correlate(correlation) as ReturnType<typeof halves<N>>;
}

/** Element-wise; 2 k bits per element sent by each party. */
export async function multiply(talk: Talk, x: Uint8Array, y: Uint8Array): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const elements = (x.length * 8) / talk.session.ring.bits;
  const [a, b, c] = halves<3>(talk, { kind: 'triple', elements });
  const opened = await openSum(talk, joinBytes(words.sub(x, a), words.sub(y, b)), {
    masks: [a, b],
  });
  const e = opened.subarray(0, x.length);
  const d = opened.subarray(x.length);
  return words.beaverMul(talk.session.party === 0, { e, d, a, b, c });
}

/** k bits per element: x - r is opened, x^2 = r^2 + 2 (x - r) r + (x - r)^2. */
export async function square(talk: Talk, x: Uint8Array): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const elements = (x.length * 8) / talk.session.ring.bits;
  const [r, r2] = halves<2>(talk, { kind: 'square', elements });
  const e = await openSum(talk, words.sub(x, r), { masks: [r] });
  return words.beaverMul(talk.session.party === 0, { e, d: e, a: r, b: r, c: r2 });
}

/** k (m k + k n) bits per product of the batch, sent by each party. */
export async function matrixMultiply(
  talk: Talk,
  x: Uint8Array,
  y: Uint8Array,
  shape: MatmulShape,
): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const [a, b, c] = halves<3>(talk, { kind: 'matrixTriple', shape });
  const opened = await openSum(talk, joinBytes(words.sub(x, a), words.sub(y, b)), {
    masks: [a, b],
  });
  const e = opened.subarray(0, x.length);
  const d = opened.subarray(x.length);
  return combine(talk, shape, { a, b, c, e, d });
}

/** A weight's opened difference from its mask, and this party's half of the mask. */
export interface MaskedWeight {
  readonly difference: Uint8Array;
  readonly mask: Uint8Array;
}

/** Masks a weight for the session; once, k bits per element. */
export async function maskWeight(
  talk: Talk,
  weight: number,
  value: Uint8Array,
): Promise<MaskedWeight> {
  const words = wordsOf(talk);
  const elements = (value.length * 8) / talk.session.ring.bits;
  const [mask] = halves<1>(talk, { kind: 'weightMask', weight, elements });
  return { difference: await openSum(talk, words.sub(value, mask), { masks: [mask] }), mask };
}

/** x times a masked weight: only x - a is opened. */
export async function multiplyByWeight(
  talk: Talk,
  x: Uint8Array,
  weight: number,
  masked: MaskedWeight,
  shape: MatmulShape,
): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const [a, c] = halves<2>(talk, { kind: 'weightTriple', weight, shape });
  const e = await openSum(talk, words.sub(x, a), { masks: [a] });
  return combine(talk, shape, { a, b: masked.mask, c, e, d: masked.difference });
}

/** c + e b + a d, and e d once: party 0 takes e (b + d). */
function combine(
  talk: Talk,
  shape: MatmulShape,
  { a, b, c, e, d }: Readonly<Record<'a' | 'b' | 'c' | 'e' | 'd', Uint8Array>>,
): Uint8Array {
  const { kernels, ring, party } = talk.session;
  const out = allocateBytes(c.length);
  out.set(c);
  const right = party === 0 ? wordsOf(talk).add(b, d) : b;
  kernels.matmul(ring.bits, e, right, out, { ...shape, accumulate: true });
  kernels.matmul(ring.bits, a, d, out, { ...shape, accumulate: true });
  return out;
}

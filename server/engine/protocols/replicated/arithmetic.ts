/**
 * Arithmetic on 2-out-of-3 replicated shares: x = x_0 + x_1 + x_2 (mod 2^k), party i holds
 * (x_i, x_{i+1}). Source: Araki, Furukawa, Lindell, Nof, Ohara, CCS 2016 (product with a pseudo-random
 * zero share, one ring element sent per party); Mohassel, Rindal, ABY3, CCS 2018.
 *
 * Keys: k_i is held by parties i and i-1, so a party shares one generator with its previous
 * neighbour (k_i) and one with its next (k_{i+1}).
 */
import type { Talk } from '../../session.ts';
import { allocate, allocateBytes, type Tensor } from '../../ring/tensor.ts';
import { matmulShapes } from '../../ring/matmul-shape.ts';
import { Words } from '../../ring/words.ts';

/** This party's two components. */
export type Pair = readonly [Tensor, Tensor];

export function pair(components: readonly Tensor[]): Pair {
  return [components[0] as Tensor, components[1] as Tensor];
}

export function wordsOf(talk: Talk): Words {
  return new Words(talk.session.kernels, talk.session.ring.bits);
}

/** Sends to the previous party what it lacks and receives the same from the next. One round. */
export async function rotate(talk: Talk, own: Uint8Array): Promise<Uint8Array> {
  talk.send(talk.session.neighbour(-1), own);
  const bytes = await talk.receive(talk.session.neighbour(1), own.length);
  talk.sawMessage(bytes);
  return bytes;
}

/** z_i with z_0 + z_1 + z_2 = 0: a fresh mask for a product's local term. */
export function zeroShare(talk: Talk, bytes: number): Uint8Array {
  const own = talk.random(talk.session.neighbour(-1), bytes);
  const next = talk.random(talk.session.neighbour(1), bytes);
  talk.session.kernels.binary('sub', talk.session.ring.bits, own, next, own);
  return own;
}

/** A term as a share: one round. */
export async function reshare(talk: Talk, own: Tensor): Promise<Pair> {
  const next = await rotate(talk, own.bytes);
  return [own, { ...own, bytes: next }];
}

/** z_i = x_i y_i + x_i y_{i+1} + x_{i+1} y_i + zero share: this party's term of the product. */
export function productTerm(talk: Talk, x: Pair, y: Pair): Tensor {
  const { kernels, ring } = talk.session;
  const out = allocate(ring.bits, x[0].shape);
  const mask = zeroShare(talk, out.bytes.length);
  kernels.replicatedMul(ring.bits, x[0].bytes, x[1].bytes, y[0].bytes, y[1].bytes, mask, out.bytes);
  return out;
}

/** As `productTerm`, with matrix products; what is sent of it depends on the output only. */
export function matrixProductTerm(talk: Talk, x: Pair, y: Pair): Tensor {
  const { kernels, ring } = talk.session;
  const { out: shape, kernel } = matmulShapes(x[0].shape, y[0].shape);
  const out = allocate(ring.bits, shape);
  out.bytes.set(zeroShare(talk, out.bytes.length));
  const bothOfY = allocateBytes(y[0].bytes.length);
  kernels.binary('add', ring.bits, y[0].bytes, y[1].bytes, bothOfY);
  kernels.matmul(ring.bits, x[0].bytes, bothOfY, out.bytes, { ...kernel, accumulate: true });
  kernels.matmul(ring.bits, x[1].bytes, y[0].bytes, out.bytes, { ...kernel, accumulate: true });
  return out;
}

/** One round, one element per party. */
export function multiply(talk: Talk, x: Pair, y: Pair): Promise<Pair> {
  return reshare(talk, productTerm(talk, x, y));
}

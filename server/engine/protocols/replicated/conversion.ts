/**
 * Between arithmetic and boolean replicated shares, and the product of a bit with a number.
 * Source: ABY3 (Mohassel, Rindal 2018) 5.3 and 5.4, as run by SPU 0.5.0; bytes in `cost.ts`.
 */
import { wholeBytes } from '../../opening-log.ts';
import type { Talk } from '../../session.ts';
import { asPartyId } from '../../channel.ts';
import { allocateBytes, elementCount, type Tensor } from '../../ring/tensor.ts';
import { rotate, wordsOf, type Pair } from './arithmetic.ts';

/** z_i with z_0 ^ z_1 ^ z_2 = 0. */
export function zeroBits(talk: Talk, bytes: number): Uint8Array {
  const own = talk.random(talk.session.neighbour(-1), bytes);
  const next = talk.random(talk.session.neighbour(1), bytes);
  talk.session.kernels.bitwise('xor', own, next, own);
  return own;
}

/**
 * Bitwise products of lanes, all pairs of one size in one message; one round, the operands' size sent
 * per party.
 */
export async function andBits(
  talk: Talk,
  pairs: readonly (readonly [Pair, Pair])[],
): Promise<Pair[]> {
  const length = pairs[0]?.[0][0].bytes.length ?? 0;
  const mask = zeroBits(talk, length * pairs.length);
  const own = allocateBytes(mask.length);
  const part = (bytes: Uint8Array, index: number) =>
    bytes.subarray(index * length, (index + 1) * length);
  pairs.forEach(([x, y], index) =>
    talk.session.kernels.replicatedAnd(
      x[0].bytes,
      x[1].bytes,
      y[0].bytes,
      y[1].bytes,
      part(mask, index),
      part(own, index),
    ),
  );
  const next = await rotate(talk, own);
  return pairs.map(([x], index) => [
    { ...x[0], bytes: part(own, index) },
    { ...x[0], bytes: part(next, index) },
  ]);
}

/**
 * Two boolean shares whose sum is x: one of x_0 + x_1, which party 0 knows and shares in one
 * round, one of x_2, which parties 1 and 2 already hold.
 */
export async function splitIntoBits(talk: Talk, x: Pair): Promise<{ low: Pair; high: Pair }> {
  const words = wordsOf(talk);
  const length = x[0].bytes.length;
  let own = zeroBits(talk, length);
  if (talk.session.party === 0) own = words.xor(own, words.add(x[0].bytes, x[1].bytes));
  const next = await rotate(talk, own);
  const zero = new Uint8Array(length);
  const tensor = (bytes: Uint8Array): Tensor => ({ ...x[0], bytes });
  const { party } = talk.session;
  return {
    low: [tensor(own), tensor(next)],
    high: [tensor(party === 2 ? x[0].bytes : zero), tensor(party === 1 ? x[1].bytes : zero)],
  };
}

/**
 * b2a of whole words, first half: a random r whose components only parties 1 and 2 know in full,
 * shared as bits. One round.
 */
export async function shareMask(talk: Talk, like: Tensor): Promise<{ mask: Pair; bits: Pair }> {
  const words = wordsOf(talk);
  const { session } = talk;
  const length = like.bytes.length;
  const mask0 = talk.random(session.neighbour(-1), length);
  const mask1 = talk.random(session.neighbour(1), length);
  let own = zeroBits(talk, length);
  if (session.party === 1) own = words.xor(own, words.add(mask0, mask1));
  const next = await rotate(talk, own);
  const tensor = (bytes: Uint8Array): Tensor => ({ ...like, bytes });
  return {
    mask: [tensor(mask0), tensor(mask1)],
    bits: [tensor(own), tensor(next)],
  };
}

/** b2a of whole words, second half: x + r is opened to parties 0 and 2, r is subtracted. Two rounds. */
export async function removeMask(talk: Talk, masked: Pair, mask: Pair): Promise<Pair> {
  const words = wordsOf(talk);
  const { party } = talk.session;
  const length = masked[0].bytes.length;
  const tensor = (bytes: Uint8Array): Tensor => ({ ...mask[0], bytes });
  if (party === 2) talk.send(0, masked[0].bytes);
  if (party !== 0) {
    const own = words.negate(mask[0].bytes);
    return [tensor(own), tensor(await rotate(talk, own))];
  }
  const missing = await talk.receive(2, length);
  const next = await talk.receive(1, length);
  talk.sawMessage(next);
  const own = words.xor(words.xor(masked[0].bytes, masked[1].bytes), missing);
  talk.saw({
    kind: 'opened',
    domain: wholeBytes,
    masks: [mask[1].bytes],
    bytes: own,
    messages: [missing],
  });
  talk.send(2, own);
  return [tensor(own), tensor(next)];
}

/**
 * bit * factor, where the sender knows factor (null stands for 1) and two of the bit's components,
 * and the other two parties both know the third: a three-party oblivious transfer (ABY3 5.4.1).
 * Two rounds; 16 bytes from the sender, 8 from the helper, 8 from the receiver per element (k = 64).
 *
 * Roles: sender s, helper s+1, receiver s+2. Every party returns its pair of the product.
 */
export async function obliviousProduct(
  talk: Talk,
  sender: number,
  bit: Pair,
  factor: Uint8Array | null,
): Promise<Pair> {
  const { session } = talk;
  const words = wordsOf(talk);
  const { shape } = bit[0];
  const length = words.length(elementCount(shape));
  const role = (session.party - sender + 3) % 3;
  const [senderId, helperId, receiverId] = [0, 1, 2].map((step) => asPartyId((sender + step) % 3));
  if (senderId === undefined || helperId === undefined || receiverId === undefined) {
    throw new RangeError('three roles');
  }
  const result = (first: Uint8Array, second: Uint8Array): Pair => {
    const elementBits = session.ring.bits;
    return [
      { elementBits, shape, bytes: first },
      { elementBits, shape, bytes: second },
    ];
  };

  if (role === 0) {
    const first = talk.random(receiverId, length);
    const second = talk.random(helperId, length);
    const mask0 = talk.random(helperId, length);
    const mask1 = talk.random(helperId, length);
    const known = words.xor(bit[0].bytes, bit[1].bytes);
    const one = factor ?? ones(session.ring.bits, elementCount(shape));
    const zero = new Uint8Array(length);
    const offset = words.add(first, second);
    const message = (ifKnownZero: Uint8Array, ifKnownOne: Uint8Array, mask: Uint8Array) =>
      words.xor(words.sub(words.choose(known, ifKnownZero, ifKnownOne), offset), mask);
    talk.send(receiverId, message(zero, one, mask0));
    talk.send(receiverId, message(one, zero, mask1));
    return result(first, second);
  }
  if (role === 1) {
    const first = talk.random(senderId, length);
    const mask0 = talk.random(senderId, length);
    const mask1 = talk.random(senderId, length);
    talk.send(receiverId, words.choose(bit[1].bytes, mask0, mask1));
    const rest = await talk.receive(receiverId, length);
    talk.sawMessage(rest);
    return result(first, rest);
  }
  const second = talk.random(senderId, length);
  const chosenMask = await talk.receive(helperId, length);
  const message0 = await talk.receive(senderId, length);
  const message1 = await talk.receive(senderId, length);
  for (const message of [chosenMask, message0, message1]) talk.sawMessage(message);
  const first = words.xor(words.choose(bit[0].bytes, message0, message1), chosenMask);
  talk.send(helperId, first);
  return result(first, second);
}

function ones(bits: 32 | 64, count: number): Uint8Array {
  const bytes = new Uint8Array((count * bits) / 8);
  for (let at = 0; at < bytes.length; at += bits / 8) bytes[at] = 1;
  return bytes;
}

/**
 * Truncation without wrap errors: Dalskov, Escudero, Keller, arXiv 1910.12435, 3.2.2, with the
 * re-encoding of negative numbers of eprint 2020/338, 5.1; the method of SPU 0.5.0 (TruncPr).
 *
 * Two parties A and B = A + 1 open x masked by r = r_A + r_B; the helper H = A + 2 knows both and
 * hands out shares of r's top bit and of its shifted low bits. The result is floor(x / 2^m) or one
 * more, for |x| < 2^(k-2); outside that range it is wrong, unnoticed. Roles rotate by turn.
 */
import type { Talk } from '../../session.ts';
import { asPartyId } from '../../session.ts';
import { allocateBytes } from '../../ring/tensor.ts';
import { wordsOf, type Pair } from './arithmetic.ts';

/** Two rounds; 64 bytes per element summed over the parties (k = 64). */
export async function truncateReplicated(talk: Talk, x: Pair, bits: number): Promise<Pair> {
  const { session } = talk;
  const words = wordsOf(talk);
  const k = session.ring.bits;
  const length = x[0].bytes.length;
  const a = asPartyId(talk.takeTurn() % 3);
  const b = asPartyId((a + 1) % 3);
  const helper = asPartyId((a + 2) % 3);
  const result = (first: Uint8Array, second: Uint8Array): Pair => [
    { ...x[0], bytes: first },
    { ...x[0], bytes: second },
  ];

  if (session.party === helper) {
    const mask = words.add(talk.random(a, length), talk.random(b, length));
    const top = words.shift(mask, 'logical', k - 1);
    const low = words.shift(words.shift(mask, 'left', 1), 'logical', bits + 1);
    const random = talk.random('private', 2 * length);
    talk.send(
      a,
      joined(words.add(top, random.subarray(0, length)), words.add(low, random.subarray(length))),
    );
    talk.send(b, words.negate(random));
    // H's pair is (x_{A+2}, x_A): drawn, not received.
    return result(talk.random(b, length), talk.random(a, length));
  }

  const isA = session.party === a;
  const peer = isA ? b : a;
  const share = isA
    ? words.addScalar(words.add(x[0].bytes, x[1].bytes), 1n << BigInt(k - 2))
    : x[1].bytes;
  const masked = words.add(share, talk.random(helper, length));
  talk.send(peer, masked);
  const opened = words.add(masked, await talk.receive(peer, length));
  const correlation = await talk.receive(helper, 2 * length);
  const top = correlation.subarray(0, length);
  const low = correlation.subarray(length);

  // <b> = <r_top> xor c_top, shared over the integers.
  const openedTop = words.shift(opened, 'logical', k - 1);
  const both = words.shift(words.mul(openedTop, top), 'left', 1);
  let borrow = words.sub(top, both);
  if (isA) borrow = words.add(borrow, openedTop);
  let y = words.sub(words.shift(borrow, 'left', k - 1 - bits), low);
  if (isA) {
    const shifted = words.shift(words.shift(opened, 'left', 1), 'logical', bits + 1);
    y = words.addScalar(words.add(y, shifted), -(1n << BigInt(k - 2 - bits)));
  }

  // Two shares become three: each takes off a component it shares with the helper.
  const drawn = talk.random(helper, length);
  const rest = words.sub(y, drawn);
  talk.send(peer, rest);
  const middle = words.add(rest, await talk.receive(peer, length));
  return isA ? result(drawn, middle) : result(middle, drawn);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = allocateBytes(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

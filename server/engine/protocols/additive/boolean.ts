/** Products of shared bits, and the ways between bits and numbers, with dealt correlations. */
import { allocateBytes, joinBytes } from '../../ring/tensor.ts';
import type { Talk } from '../../session.ts';
import { halves } from './arithmetic.ts';
import { openBoth, openSum, openXor, wordsOf } from './opening.ts';

/** Lane by lane, all pairs in one opening; twice the operands' size sent by each party. */
export async function andBits(talk: Talk, x: Uint8Array, y: Uint8Array): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const [a, b, c] = halves<3>(talk, { kind: 'binaryTriple', bytes: x.length });
  const opened = await openXor(talk, joinBytes(words.xor(x, a), words.xor(y, b)), {
    masks: [a, b],
  });
  const e = opened.subarray(0, x.length);
  const d = opened.subarray(x.length);
  return words.beaverAnd(talk.session.party === 0, { e, d, a, b, c });
}

/** x + r opened, and this party's half of the bits of r. */
export async function openMasked(
  talk: Talk,
  x: Uint8Array,
): Promise<{ opened: Uint8Array; maskBits: Uint8Array }> {
  const elements = (x.length * 8) / talk.session.ring.bits;
  const [r, maskBits] = halves<2>(talk, { kind: 'maskWithBits', elements });
  return { opened: await openSum(talk, wordsOf(talk).add(x, r), { masks: [r] }), maskBits };
}

/**
 * Bits as numbers 0 and 1. `bits` holds one bit per ring word; a dealt random bit r hides it,
 * bit = z + r - 2 z r for the opened z. `lane` says whether a word or a byte per bit is opened.
 */
export async function bitsToNumbers(
  talk: Talk,
  bits: Uint8Array,
  lane: 'word' | 'byte',
): Promise<Uint8Array> {
  const elements = (bits.length * 8) / talk.session.ring.bits;
  const [r] = halves<1>(talk, { kind: 'bits', elements });
  return unmask(talk, await openBit(talk, bits, r, lane), r);
}

/**
 * Words of bits as numbers: one dealt bit per bit. `wordPerBit` opens a word for each, bits first;
 * `oneWord` gathers the masked bits of a word in one.
 */
export async function wordsToNumbers(
  talk: Talk,
  x: Uint8Array,
  opening: 'wordPerBit' | 'oneWord',
): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const k = talk.session.ring.bits;
  const elements = (x.length * 8) / k;
  const [r] = halves<1>(talk, { kind: 'bits', elements: elements * k });
  const maskOf = (bit: number) => r.subarray(bit * x.length, (bit + 1) * x.length);
  const positions = Array.from({ length: k }, (_, bit) => bit);
  const lowest = (y: Uint8Array) => words.shift(words.shift(y, 'left', k - 1), 'logical', k - 1);

  let opened: (bit: number) => Uint8Array;
  if (opening === 'wordPerBit') {
    const masked = positions.map((bit) =>
      words.xor(lowest(words.shift(x, 'logical', bit)), lowest(maskOf(bit))),
    );
    const all = await openXor(talk, joinBytes(...masked), {
      masks: [r],
      domain: { laneBits: k, usedBits: 1 },
    });
    opened = (bit) => all.subarray(bit * x.length, (bit + 1) * x.length);
  } else {
    let mask: Uint8Array = new Uint8Array(x.length);
    for (const bit of positions) {
      mask = words.xor(mask, words.shift(lowest(maskOf(bit)), 'left', bit));
    }
    const all = await openXor(talk, words.xor(x, mask), { masks: [r] });
    opened = (bit) => lowest(words.shift(all, 'logical', bit));
  }
  return positions.reduce<Uint8Array>(
    (sum, bit) => words.add(sum, words.shift(unmask(talk, opened(bit), maskOf(bit)), 'left', bit)),
    new Uint8Array(x.length),
  );
}

/**
 * bit x in one round: with dealt r, a and r a, and the opened z = bit xor r and e = x - a,
 * bit x = z x + (1 - 2 z)(r e + r a).
 */
export async function bitTimesNumber(
  talk: Talk,
  bits: Uint8Array,
  x: Uint8Array,
): Promise<Uint8Array> {
  const words = wordsOf(talk);
  const { kernels, ring } = talk.session;
  const elements = (x.length * 8) / ring.bits;
  const [a, r, ra] = halves<3>(talk, { kind: 'bitProduct', elements });
  const bitLane = allocateBytes(elements);
  kernels.resizeLanes(ring.bits, 8, lowestBits(talk, words.xor(bits, r)), bitLane);
  const [e, z] = await openBoth(
    talk,
    { own: words.sub(x, a), masks: [a] },
    { own: bitLane, masks: [r], domain: { laneBits: 8, usedBits: 1 } },
  );
  const masked = words.add(words.mul(r, e), ra);
  // Public z chooses between x's half and nothing, and between plus and minus.
  const zero = new Uint8Array(x.length);
  const whenOne = words.choose(z, zero, x);
  const signed = words.choose(z, masked, words.negate(masked));
  return words.add(whenOne, signed);
}

async function openBit(
  talk: Talk,
  bits: Uint8Array,
  r: Uint8Array,
  lane: 'word' | 'byte',
): Promise<Uint8Array> {
  const { kernels, ring } = talk.session;
  const masked = lowestBits(talk, wordsOf(talk).xor(bits, r));
  const under = (laneBits: 8 | 32 | 64) => ({ masks: [r], domain: { laneBits, usedBits: 1 } });
  if (lane === 'word') return openXor(talk, masked, under(ring.bits));
  const bytes = allocateBytes((bits.length * 8) / ring.bits);
  kernels.resizeLanes(ring.bits, 8, masked, bytes);
  const out = allocateBytes(bits.length);
  kernels.resizeLanes(8, ring.bits, await openXor(talk, bytes, under(8)), out);
  return out;
}

/** z + r - 2 z r, the z counted once. */
function unmask(talk: Talk, z: Uint8Array, r: Uint8Array): Uint8Array {
  const words = wordsOf(talk);
  const product = words.shift(words.mul(z, r), 'left', 1);
  const without = words.sub(r, product);
  return talk.session.party === 0 ? words.add(without, z) : without;
}

function lowestBits(talk: Talk, x: Uint8Array): Uint8Array {
  const words = wordsOf(talk);
  const k = talk.session.ring.bits;
  return words.shift(words.shift(x, 'left', k - 1), 'logical', k - 1);
}

/**
 * Truncation without wrap errors, as SPU 0.5.0 does it (TruncPr), by itself or as part of a product.
 *
 * Two parties A and B = A + 1 open x masked by an r that the helper H = A + 2 knows in full; the
 * helper hands out shares of r's top bit and of its shifted low bits. Roles rotate by turn. The
 * result is floor(x / 2^bits) or one more, for |x| < 2^(k-2); outside that range it is wrong,
 * unnoticed.
 */
import { asPartyId, type PartyId } from '../../channel.ts';
import type { Shape } from '../../ring/tensor.ts';
import { joinBytes } from '../../ring/tensor.ts';
import { wholeBytes } from '../../opening-log.ts';
import type { Talk } from '../../session.ts';
import { offset, partsOfMask } from '../../ring/masked-truncation.ts';
import { wordsOf, type Pair } from './arithmetic.ts';

/** A and B know what is opened, the helper the mask. */
export interface Roles {
  readonly a: PartyId;
  readonly b: PartyId;
  readonly helper: PartyId;
}

export function takeRoles(talk: Talk): Roles {
  const a = asPartyId(talk.takeTurn() % 3);
  return { a, b: asPartyId((a + 1) % 3), helper: asPartyId((a + 2) % 3) };
}

/** Two rounds; 64 bytes per element summed over the parties (k = 64). */
export async function truncateReplicated(talk: Talk, x: Pair, bits: number): Promise<Pair> {
  const { session } = talk;
  const words = wordsOf(talk);
  const k = session.ring.bits;
  const length = x[0].bytes.length;
  const roles = takeRoles(talk);
  const { a, b, helper } = roles;

  if (session.party === helper) {
    const mask = words.add(talk.random(a, length), talk.random(b, length));
    const { top, low } = partsOfMask(words, k, bits, mask);
    const random = talk.random('private', 2 * length);
    talk.send(
      a,
      joinBytes(
        words.add(top, random.subarray(0, length)),
        words.add(low, random.subarray(length)),
      ),
    );
    talk.send(b, words.negate(random));
    return drawnPair(talk, roles, x[0].shape, length);
  }

  const first = session.party === a;
  const peer = first ? b : a;
  const half = first ? offset(words, k, words.add(x[0].bytes, x[1].bytes)) : x[1].bytes;
  const mask = talk.random(helper, length);
  const masked = words.add(half, mask);
  talk.send(peer, masked);
  const theirs = await talk.receive(peer, length);
  const opened = words.add(masked, theirs);
  talk.saw({
    kind: 'opened',
    domain: wholeBytes,
    masks: [mask],
    bytes: opened,
    messages: [theirs],
  });
  const dealt = await talk.receive(helper, 2 * length);
  talk.sawMessage(dealt);
  const [top, low] = [dealt.subarray(0, length), dealt.subarray(length)];
  const y = words.maskedTruncation(first, bits, { opened, top, low });
  return fromTwo(talk, roles, x[0].shape, y);
}

/**
 * Truncates a value that the three parties hold as terms z_0 + z_1 + z_2, each hidden by a share of
 * zero: a product before it is shared again. The helper's term goes to A and B in the clear, under
 * the zero shares. Two rounds, 64 bytes per element summed over the parties: a product's own round
 * and 24 bytes less than product and truncation one after the other.
 */
export async function truncateTerms(
  talk: Talk,
  term: Uint8Array,
  shape: Shape,
  bits: number,
): Promise<Pair> {
  const { session } = talk;
  const words = wordsOf(talk);
  const k = session.ring.bits;
  const { length } = term;
  const roles = takeRoles(talk);
  const { a, b, helper } = roles;

  if (session.party === helper) {
    const mask = words.add(talk.random(a, length), talk.random(b, length));
    const { top, low } = partsOfMask(words, k, bits, mask);
    // B draws its halves, A is sent what they lack.
    const ofB = talk.random(b, 2 * length);
    const topOfA = words.sub(top, ofB.subarray(0, length));
    const lowOfA = words.sub(low, ofB.subarray(length));
    talk.send(a, joinBytes(term, topOfA, lowOfA));
    talk.send(b, term);
    return drawnPair(talk, roles, shape, length);
  }

  const first = session.party === a;
  const peer = first ? b : a;
  const half = first ? offset(words, k, term) : term;
  const mask = talk.random(helper, length);
  const masked = words.add(half, mask);
  talk.send(peer, masked);
  const theirs = await talk.receive(peer, length);
  const others = words.add(masked, theirs);
  const dealt = first ? null : talk.random(helper, 2 * length);
  const sent = await talk.receive(helper, first ? 3 * length : length);
  const parts = dealt ?? sent.subarray(length);
  talk.sawMessage(sent);
  const opened = words.add(others, sent.subarray(0, length));
  talk.saw({
    kind: 'opened',
    domain: wholeBytes,
    masks: [mask],
    bytes: opened,
    messages: [theirs],
  });
  const [top, low] = [parts.subarray(0, length), parts.subarray(length)];
  const y = words.maskedTruncation(first, bits, { opened, top, low });
  return fromTwo(talk, roles, shape, y);
}

/** Two shares become three: A and B each take off a component that they share with the helper. */
async function fromTwo(
  talk: Talk,
  { a, b, helper }: Roles,
  shape: Shape,
  y: Uint8Array,
): Promise<Pair> {
  const words = wordsOf(talk);
  const first = talk.session.party === a;
  const peer = first ? b : a;
  const drawn = talk.random(helper, y.length);
  const rest = words.sub(y, drawn);
  talk.send(peer, rest);
  const other = await talk.receive(peer, y.length);
  talk.sawMessage(other);
  const middle = words.add(rest, other);
  const elementBits = talk.session.ring.bits;
  const pairOf = first ? [drawn, middle] : [middle, drawn];
  const [one, two] = pairOf.map((bytes) => ({ elementBits, shape, bytes }));
  if (one === undefined || two === undefined) throw new RangeError('two components');
  return [one, two];
}

/** H's pair is (x_{A+2}, x_A): drawn, not received. */
function drawnPair(talk: Talk, { a, b }: Roles, shape: Shape, length: number): Pair {
  const elementBits = talk.session.ring.bits;
  return [
    { elementBits, shape, bytes: talk.random(b, length) },
    { elementBits, shape, bytes: talk.random(a, length) },
  ];
}

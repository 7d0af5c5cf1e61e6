/**
 * Opening: both parties send their half and add (or xor) the other's. What is opened is always
 * hidden under a mask of a correlation that is used nowhere else.
 */
import { asPartyId } from '../../channel.ts';
import { wholeBytes, type Opening } from '../../opening-log.ts';
import type { Talk } from '../../session.ts';
import { joinBytes } from '../../ring/tensor.ts';
import { Words } from '../../ring/words.ts';

export function wordsOf(talk: Talk): Words {
  return new Words(talk.session.kernels, talk.session.ring.bits);
}

/** The masks under which a value is opened, and what it may be; by default anything. */
export type Under = Pick<Opening, 'masks'> & Partial<Pick<Opening, 'domain'>>;

/** Sum of both halves; one round. */
export async function openSum(talk: Talk, own: Uint8Array, under: Under): Promise<Uint8Array> {
  const other = await exchange(talk, own);
  const bytes = wordsOf(talk).add(own, other);
  const { bits } = talk.session.ring;
  const domain = { laneBits: bits, usedBits: bits };
  talk.saw({ kind: 'opened', domain, ...under, bytes, messages: [other] });
  return bytes;
}

/** Xor of both halves; one round. */
export async function openXor(talk: Talk, own: Uint8Array, under: Under): Promise<Uint8Array> {
  const other = await exchange(talk, own);
  const bytes = wordsOf(talk).xor(own, other);
  talk.saw({ kind: 'opened', domain: wholeBytes, ...under, bytes, messages: [other] });
  return bytes;
}

/** Words that are added up and bytes that are xored, in one message; one round. */
export async function openBoth(
  talk: Talk,
  sum: { readonly own: Uint8Array } & Under,
  xor: { readonly own: Uint8Array } & Under,
): Promise<[Uint8Array, Uint8Array]> {
  const words = wordsOf(talk);
  const received = await exchange(talk, joinBytes(sum.own, xor.own));
  const theirs = [received.subarray(0, sum.own.length), received.subarray(sum.own.length)] as const;
  const added = words.add(sum.own, theirs[0]);
  const xored = words.xor(xor.own, theirs[1]);
  const { bits } = talk.session.ring;
  const number = { laneBits: bits, usedBits: bits };
  const [ofSum, ofXor] = [underOf(sum), underOf(xor)];
  talk.saw({ kind: 'opened', domain: number, ...ofSum, bytes: added, messages: [theirs[0]] });
  talk.saw({ kind: 'opened', domain: wholeBytes, ...ofXor, bytes: xored, messages: [theirs[1]] });
  return [added, xored];
}

function underOf({ masks, domain }: Under): Under {
  return domain === undefined ? { masks } : { masks, domain };
}

async function exchange(talk: Talk, own: Uint8Array): Promise<Uint8Array> {
  const other = asPartyId(1 - talk.session.party);
  talk.send(other, own);
  return talk.receive(other, own.length);
}

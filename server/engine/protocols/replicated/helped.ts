/**
 * Two of the three parties compute, A and B; the third, the helper, deals to them what a dealer would:
 * it knows all masks and nothing that is opened under them. Roles rotate by turn. The same
 * correlations as in the additive family: A is sent what seeds cannot make, B nothing.
 */
import { correctionBytes, layoutOf, type Correlation } from '../../correlations/correlation.ts';
import { Dealing } from '../../correlations/deal.ts';
import { wholeBytes } from '../../opening-log.ts';
import type { Prg } from '../../ring/prg.ts';
import type { Holder, Talk } from '../../session.ts';
import { wordsOf } from './arithmetic.ts';
import type { Roles } from './truncation.ts';

/** The helper's part of a correlation: one message, to A. */
export function dealAsHelper(talk: Talk, { a, b }: Roles, correlation: Correlation): void {
  const { kernels, ring } = talk.session;
  const streamWith = (holder: Holder): Pick<Prg, 'bytes'> => ({
    bytes: (length) => talk.random(holder, length),
  });
  const streams = { first: streamWith(a), second: streamWith(b), own: streamWith('private') };
  talk.send(a, new Dealing(kernels, ring.bits).deal(correlation, streams));
}

/** A's or B's halves: the free parts at once, the made ones when they are asked for. */
export function helpedHalves(
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
export async function openBetween(
  talk: Talk,
  { a, b }: Roles,
  kind: 'sum' | 'xor',
  own: Uint8Array,
  mask: Uint8Array,
): Promise<Uint8Array> {
  const peer = talk.session.party === a ? b : a;
  talk.send(peer, own);
  const theirs = await talk.receive(peer, own.length);
  const words = wordsOf(talk);
  const opened = kind === 'sum' ? words.add(own, theirs) : words.xor(own, theirs);
  talk.saw({
    kind: 'opened',
    domain: wholeBytes,
    masks: [mask],
    bytes: opened,
    messages: [theirs],
  });
  return opened;
}

/**
 * Comparison with zero under a mask: x = 0 exactly where the opened x + r equals r, bit by bit. Two
 * parties open x + r, the helper, who knows r but not what is opened, shares r's bits. Source: SPU's
 * dealer-masked zero test (December 2023).
 */
import { wholeBytes } from '../../opening-log.ts';
import type { Talk } from '../../session.ts';
import { wordsOf, type Pair } from './arithmetic.ts';
import { takeRoles } from './truncation.ts';

/**
 * A word per element with every bit set where x = 0, as a boolean share. One round, 32 bytes per
 * element summed over the parties (k = 64).
 */
export async function equalBits(talk: Talk, x: Pair): Promise<Pair> {
  const { session } = talk;
  const words = wordsOf(talk);
  const { length } = x[0].bytes;
  const { a, b, helper } = takeRoles(talk);
  const tensor = (bytes: Uint8Array) => ({ ...x[0], bytes });

  if (session.party === helper) {
    const mask = words.add(talk.random(a, length), talk.random(b, length));
    const withA = talk.random(a, length);
    const withB = talk.random(b, length);
    const rest = words.xor(mask, words.xor(withA, withB));
    talk.send(a, rest);
    talk.send(b, rest);
    return [tensor(withB), tensor(withA)];
  }

  const first = session.party === a;
  const peer = first ? b : a;
  const half = first ? words.add(x[0].bytes, x[1].bytes) : x[1].bytes;
  const mask = talk.random(helper, length);
  const masked = words.add(half, mask);
  const withHelper = talk.random(helper, length);
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
  const rest = await talk.receive(helper, length);
  talk.sawMessage(rest);
  const middle = words.not(words.xor(rest, opened));
  return first ? [tensor(withHelper), tensor(middle)] : [tensor(middle), tensor(withHelper)];
}

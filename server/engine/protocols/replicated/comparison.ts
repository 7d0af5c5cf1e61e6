/**
 * Comparison with the help of the third party: A and B compare under its mask, then the answer, which
 * each of them has half of, is shared among the three. Four rounds, 72 bytes per element summed over
 * the parties (k = 64), 26 for every further threshold.
 */
import type { Talk } from '../../session.ts';
import type { Shape, Tensor } from '../../ring/tensor.ts';
import { comparisonFor, compareMasked, type Question } from '../masked-comparison.ts';
import { wordsOf, type Pair } from './arithmetic.ts';
import { dealAsHelper, helpedHalves, openBetween } from './helped.ts';
import { takeRoles } from './truncation.ts';

/** Shares of the answers in 8-bit lanes, of the given shape. */
export async function compareHelped(
  talk: Talk,
  x: Pair,
  shape: Shape,
  question: Question,
): Promise<Pair> {
  const { kernels, ring, party } = talk.session;
  const words = wordsOf(talk);
  const { length } = x[0].bytes;
  const elements = (length * 8) / ring.bits;
  const answers = elements * (question === 'zero' ? 1 : question.below.length);
  const roles = takeRoles(talk);
  const { a, b, helper } = roles;
  const correlation = comparisonFor(question, elements);
  const tensor = (bytes: Uint8Array): Tensor => ({ elementBits: 8, shape, bytes });

  if (party === helper) {
    dealAsHelper(talk, roles, correlation);
    // Its components of the answer are the ones that A and B take off.
    return [tensor(talk.random(b, answers)), tensor(talk.random(a, answers))];
  }
  const first = party === a;
  const { free, made } = helpedHalves(talk, roles, correlation);
  const [r, mask4, mask1] = free;
  if (r === undefined || mask4 === undefined || mask1 === undefined) {
    throw new RangeError('comparison: three masks');
  }
  const halves = await compareMasked(
    {
      kernels,
      bits: ring.bits,
      first,
      masks: [r, mask4, mask1],
      products: made,
      openSum: (own, mask) => openBetween(talk, roles, 'sum', own, mask),
      openXor: (own, mask) => openBetween(talk, roles, 'xor', own, mask),
    },
    first ? words.add(x[0].bytes, x[1].bytes) : x[1].bytes,
    question,
  );
  const drawn = talk.random(helper, answers);
  const rest = words.xor(halves, drawn);
  const peer = first ? b : a;
  talk.send(peer, rest);
  const other = await talk.receive(peer, answers);
  talk.sawMessage(other);
  const middle = words.xor(rest, other);
  return first ? [tensor(drawn), tensor(middle)] : [tensor(middle), tensor(drawn)];
}

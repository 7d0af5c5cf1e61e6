/** Comparison under a dealt mask; see `masked-comparison.ts`. */
import type { Talk } from '../../session.ts';
import { comparisonFor, compareMasked, type Question } from '../masked-comparison.ts';
import { openSum, openXor } from './opening.ts';

/** Halves of the answers in 8-bit lanes; `x` is this party's half, in ring words. */
export function compare(talk: Talk, x: Uint8Array, question: Question): Promise<Uint8Array> {
  const { kernels, ring, party } = talk.session;
  const elements = (x.length * 8) / ring.bits;
  const [r, mask4, mask1, ...products] = talk.correlate(comparisonFor(question, elements)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    ...Uint8Array[],
  ];
  return compareMasked(
    {
      kernels,
      bits: ring.bits,
      first: party === 0,
      masks: [r, mask4, mask1],
      products: async () => products,
      openSum: (own, mask) => openSum(talk, own, { masks: [mask] }),
      openXor: (own, mask) => openXor(talk, own, { masks: [mask] }),
    },
    x,
    question,
  );
}

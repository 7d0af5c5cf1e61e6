/**
 * Attention whose heads differ in how they turn scores into weights, as MPCViT's search leaves them
 * (Zeng et al. 2023). Which head is of which kind is public. The heads of one kind are evaluated as one
 * tensor, so a layer's rounds depend on the kinds it has and not on the number of heads.
 */
import {
  reluSoftmax,
  scaleAttention,
  squareAttention,
  type Quotient,
} from '../approximations/spu/attention.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Weighting } from './attention.ts';
import type { HeadKind } from './config.ts';
import type { Functions } from './functions.ts';

/** `kinds` by head; the softmax is the plan's, the others divide their rows as `quotient` says. */
export function mixedHeads(
  kinds: readonly HeadKind[],
  fns: Functions,
  quotient: Quotient,
): Weighting {
  const weightings: Record<HeadKind, Weighting> = {
    softmax: (mpc, scores) => fns.softmax.evaluate(mpc, scores, null),
    relu: (mpc, scores) => reluSoftmax.evaluate(mpc, scores, quotient),
    scale: (mpc, scores) => scaleAttention.evaluate(mpc, scores),
    '2quad': (mpc, scores) => squareAttention.evaluate(mpc, scores, quotient),
  };
  const present = [...new Set(kinds)].toSorted();
  const headsOf = (kind: HeadKind) => kinds.flatMap((own, head) => (own === kind ? [head] : []));
  const order = present.flatMap(headsOf);
  return async (mpc, scores) => {
    const weights = await mpc.together(
      present.map(
        (kind) => (branch: Protocol) =>
          weightings[kind](branch.at(kind), takeHeads(branch, scores, headsOf(kind))),
      ),
    );
    return takeHeads(
      mpc,
      mpc.concat(weights, 1),
      kinds.map((_, head) => order.indexOf(head)),
    );
  };
}

/** x [batch, heads, ...] with the heads listed, in that order. */
function takeHeads(mpc: Protocol, x: AShare, heads: readonly number[]): AShare {
  if (heads.length === x.shape[1] && heads.every((head, index) => head === index)) return x;
  const one = (head: number) => mpc.view(x, { slice: { axis: 1, start: head, end: head + 1 } });
  return mpc.concat(heads.map(one), 1);
}

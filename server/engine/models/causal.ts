/**
 * The causal mask of decoders: position i may look at positions 0 to i. It is public, so it costs
 * nothing: hidden scores are multiplied by a public 0 and replaced by a public number that the
 * weighting turns into no weight at all. That is right for every weighting, where adding a large
 * negative number would ruin those that square.
 */
import { encodeScalar } from '../fixed-point.ts';
import type { SoftmaxFunction } from '../approximations/function.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Weighting } from './attention.ts';
import { publicMatrix } from '../ring/public-tensor.ts';

/** Low enough for every exponential, and within the domain of its series; see `approximations/`. */
const farBelow = -256;

/** Weights over the visible positions; hidden ones get none. */
export function causal(softmax: SoftmaxFunction<string>): Weighting {
  if (softmax.hides === 'byKeep') {
    return (mpc, scores) => softmax.evaluate(mpc, scores, visible(mpc, scores));
  }
  const hidden = softmax.hiddenScore ?? farBelow;
  return (mpc, scores) => softmax.evaluate(mpc, hideFuture(mpc, scores, hidden), null);
}

/** Shares of 1 up to the diagonal and 0 above it, in the scores' shape. */
function visible(mpc: Protocol, scores: AShare): AShare {
  const length = scores.shape.at(-1) ?? 0;
  const triangle = publicMatrix(mpc.ring.bits, length, length, (row, column) =>
    column <= row ? 1n : 0n,
  );
  return mpc.addPublic(mpc.scale(scores, 0n), triangle);
}

/** scores [..., length, length] with `hidden` above the diagonal. */
function hideFuture(mpc: Protocol, scores: AShare, hidden: number): AShare {
  const length = scores.shape.at(-1) ?? 0;
  const triangle = (seen: bigint, unseen: bigint) =>
    publicMatrix(mpc.ring.bits, length, length, (row, column) => (column <= row ? seen : unseen));
  const value = encodeScalar(mpc.ring, hidden);
  return mpc.addPublic(mpc.scaleRow(scores, triangle(1n, 0n)), triangle(0n, value));
}

/**
 * The causal mask of decoders: position i may look at positions 0 to i. It is public, so it costs
 * nothing: hidden scores are multiplied by a public 0 and replaced by a public number that the
 * weighting turns into no weight at all. That is right for every weighting, where adding a large
 * negative number would ruin those that square.
 */
import { encodeScalar } from '../fixed-point.ts';
import type { SoftmaxFunction } from '../approximations/function.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { zeros, type Tensor } from '../ring/tensor.ts';
import type { Weighting } from './attention.ts';

/** Low enough for every exponential, and within the domain of its series; see `approximations/`. */
const farBelow = -256;

/** Weights over the visible positions; hidden ones get none. */
export function causal(softmax: SoftmaxFunction<string>): Weighting {
  const hidden = softmax.hiddenScore ?? farBelow;
  return (mpc, scores) => softmax.evaluate(mpc, hideFuture(mpc, scores, hidden), null);
}

/** scores [..., length, length] with `hidden` above the diagonal. */
export function hideFuture(mpc: Protocol, scores: AShare, hidden: number): AShare {
  const length = scores.shape.at(-1) ?? 0;
  const visible = triangle(mpc, length, (row, column) => (column <= row ? 1n : 0n));
  const value = encodeScalar(mpc.ring, hidden);
  const replacement = triangle(mpc, length, (row, column) => (column <= row ? 0n : value));
  return mpc.addPublic(mpc.scaleRow(scores, visible), replacement);
}

function triangle(
  mpc: Protocol,
  length: number,
  valueAt: (row: number, column: number) => bigint,
): Tensor {
  const { bits } = mpc.ring;
  const out = zeros(bits, [length, length]);
  const view = new DataView(out.bytes.buffer, out.bytes.byteOffset);
  for (let row = 0; row < length; row++) {
    for (let column = 0; column < length; column++) {
      const at = row * length + column;
      const value = valueAt(row, column);
      if (bits === 64) view.setBigUint64(at * 8, value, true);
      else view.setUint32(at * 4, Number(value), true);
    }
  }
  return out;
}

/** The position-wise feed-forward part: widen, activate, narrow. */
import type { ElementFunction } from '../approximations/function.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { linear, type Linear } from './linear.ts';

export interface FeedForward {
  /** [hidden, ffn] */
  readonly intermediate: Linear;
  /** [ffn, hidden] */
  readonly output: Linear;
}

/** x [..., hidden] to the same shape. */
export async function feedForward(
  mpc: Protocol,
  x: AShare,
  w: FeedForward,
  gelu: ElementFunction<string>,
): Promise<AShare> {
  const wide = await linear(mpc.at('intermediate'), x, w.intermediate);
  const active = await gelu.evaluate(mpc.at('gelu'), wide);
  return linear(mpc.at('output'), active, w.output);
}

/** The end of a decoder: logits over the vocabulary, or what is made of them before it is revealed. */
import { argmax, argmaxOfJax } from '../circuits/argmax.ts';
import type { OutputId } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Shape } from '../ring/tensor.ts';
import { linear, type Linear } from './linear.ts';
import { tokenAt } from './token.ts';

/** What PUMA's benchmark program looks for the largest logit in. */
export type PumaScope = 'allButLast' | 'last';

/** x [batch, length, hidden], normalised, to logits [batch, vocabulary] or an index [batch]. */
export async function nextToken(
  mpc: Protocol,
  x: AShare,
  head: Linear,
  output: OutputId,
  scope: PumaScope,
): Promise<AShare> {
  const length = x.shape[1] ?? 0;
  if (output === 'argmax-as-puma') {
    const logits = await linear(mpc.at('logits'), x, head);
    const rows = scope === 'last' ? tokenAt(mpc, logits, length - 1) : joined(mpc, logits);
    return asFixed(mpc, await argmaxOfJax(mpc.at('argmax'), rows));
  }
  const logits = await linear(mpc.at('logits'), tokenAt(mpc, x, length - 1), head);
  return output === 'logits' ? logits : asFixed(mpc, await argmax(mpc.at('argmax'), logits));
}

export function nextTokenShape(output: OutputId, batch: number, vocabulary: number): Shape {
  return output === 'logits' ? [batch, vocabulary] : [batch];
}

/** All positions but the last side by side: [batch, length, n] to [batch, (length - 1) n]. */
function joined(mpc: Protocol, x: AShare): AShare {
  const [batch = 0, length = 0, columns = 0] = x.shape;
  const most = mpc.view(x, { slice: { axis: 1, start: 0, end: length - 1 } });
  return mpc.view(most, { reshape: [batch, (length - 1) * columns] });
}

/** Integers as fixed-point numbers, as everything that is revealed. */
function asFixed(mpc: Protocol, x: AShare): AShare {
  return mpc.scale(x, 1n << BigInt(mpc.ring.fractionBits));
}

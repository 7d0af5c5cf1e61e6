/**
 * Scaled dot-product attention with several heads (Vaswani et al. 2017, section 3.2), without the
 * choice of what turns scores into weights: that is the plan's and the mask's.
 */
import { mulConstant } from '../approximations/fixed.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { linear, type Linear } from './linear.ts';

export interface Attention {
  /** Query, key and value side by side: [hidden, 3 hidden]. */
  readonly queryKeyValue: Linear;
  readonly output: Linear;
}

/** scores [batch, heads, length, length] to weights of the same shape. */
export type Weighting = (mpc: Protocol, scores: AShare) => Promise<AShare>;

/** x [batch, length, hidden] to the same shape; `turn` changes queries and keys before the scores. */
export async function attention(
  mpc: Protocol,
  x: AShare,
  w: Attention,
  heads: number,
  weighting: Weighting,
  turn: (mpc: Protocol, queriesAndKeys: AShare) => Promise<AShare> = async (_, same) => same,
): Promise<AShare> {
  const hidden = x.shape.at(-1) ?? 0;
  const projected = await linear(mpc.at('queryKeyValue'), x, w.queryKeyValue);
  const part = (from: number, to: number) =>
    mpc.view(projected, { slice: { axis: 2, start: from * hidden, end: to * hidden } });
  const turned = await turn(mpc.at('rotary'), splitHeads(mpc, part(0, 2), 2 * heads));
  const some = (start: number) =>
    mpc.view(turned, { slice: { axis: 1, start, end: start + heads } });
  const scores = await attentionScores(mpc.at('scores'), some(0), some(heads));
  const weights = await weighting(mpc.at('softmax'), scores);
  const value = splitHeads(mpc, part(2, 3), heads);
  const context = await product(mpc.at('context'), weights, value);
  return linear(mpc.at('output'), joinHeads(mpc, context), w.output);
}

/** query key^T / sqrt(width), both [batch, heads, length, width]. The smaller query is scaled. */
async function attentionScores(mpc: Protocol, query: AShare, key: AShare): Promise<AShare> {
  const width = query.shape[3] ?? 1;
  const turned = mpc.view(key, { transpose: [0, 1, 3, 2] });
  const halvings = Math.log2(width) / 2;
  if (mpc.framework === null && Number.isInteger(halvings)) {
    // A division by a power of two joins the truncation.
    return mpc.matmulTruncate(query, turned, mpc.ring.fractionBits + halvings);
  }
  return product(mpc, await mulConstant(mpc, query, 1 / Math.sqrt(width)), turned);
}

/** [batch, length, heads * width] to [batch, heads, length, width]. */
export function splitHeads(mpc: Protocol, x: AShare, heads: number): AShare {
  const [batch = 0, length = 0, hidden = 0] = x.shape;
  return mpc.view(mpc.view(x, { reshape: [batch, length, heads, hidden / heads] }), {
    transpose: [0, 2, 1, 3],
  });
}

/** [batch, heads, length, width] to [batch, length, heads * width]. */
export function joinHeads(mpc: Protocol, x: AShare): AShare {
  const [batch = 0, heads = 0, length = 0, width = 0] = x.shape;
  return mpc.view(mpc.view(x, { transpose: [0, 2, 1, 3] }), {
    reshape: [batch, length, heads * width],
  });
}

function product(mpc: Protocol, x: AShare, y: AShare): Promise<AShare> {
  return mpc.matmulTruncate(x, y, mpc.ring.fractionBits);
}

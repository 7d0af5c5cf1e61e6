/** The block that GPT-2 and ViT share: a layer norm before each part (pre-norm), both parts residual. */
import type { AShare, Protocol } from '../protocol.ts';
import { attention, type Attention, type Weighting } from './attention.ts';
import { feedForward, type FeedForward } from './feed-forward.ts';
import type { Functions } from './functions.ts';
import { normed, type Norm } from './norm.ts';

export interface PreNormLayer {
  readonly attentionNorm: Norm;
  readonly attention: Attention;
  readonly feedForwardNorm: Norm;
  readonly feedForward: FeedForward;
}

/** x [batch, length, hidden] to the same shape. */
export async function preNormBlock(
  mpc: Protocol,
  { heads, layerNormEpsilon }: { readonly heads: number; readonly layerNormEpsilon: number },
  w: PreNormLayer,
  weighting: Weighting,
  fns: Functions,
  x: AShare,
): Promise<AShare> {
  const read = await normed(mpc.at('attentionNorm'), x, w.attentionNorm, layerNormEpsilon, fns);
  const y = mpc.add(x, await attention(mpc.at('attention'), read, w.attention, heads, weighting));
  const wide = await normed(mpc.at('outputNorm'), y, w.feedForwardNorm, layerNormEpsilon, fns);
  return mpc.add(y, await feedForward(mpc, wide, w.feedForward, fns.gelu));
}

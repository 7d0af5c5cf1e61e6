/**
 * What both vision transformers start with: patches through one matrix, a learned class token in
 * front, learned positions. The owner unfolds the image before sharing it, since which pixel belongs
 * to which patch is public.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { linear, type Linear } from './linear.ts';

export interface PatchEmbedding {
  /** [channels * patch * patch, hidden] */
  readonly projection: Linear;
  /** [hidden] */
  readonly classToken: AShare;
  /** [patches + 1, hidden] */
  readonly positions: AShare;
}

/** patches [batch, patches, channels * patch * patch] to [batch, patches + 1, hidden]. */
export async function embedPatches(
  mpc: Protocol,
  w: PatchEmbedding,
  patches: AShare,
): Promise<AShare> {
  const projected = await linear(mpc.at('patches'), patches, w.projection);
  const [batch = 0, , hidden = 0] = projected.shape;
  const classToken = mpc.view(mpc.view(w.classToken, { reshape: [1, 1, hidden] }), {
    expand: [batch, 1, hidden],
  });
  return mpc.add(mpc.concat([classToken, projected], 1), w.positions);
}

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
  /** [hidden], the second token where there is one. */
  readonly distillationToken?: AShare;
  /** [patches and tokens, hidden] */
  readonly positions: AShare;
}

/** patches [batch, patches, channels * patch * patch] to [batch, patches + tokens, hidden]. */
export async function embedPatches(
  mpc: Protocol,
  w: PatchEmbedding,
  patches: AShare,
): Promise<AShare> {
  const projected = await linear(mpc.at('patches'), patches, w.projection);
  const [batch = 0, , hidden = 0] = projected.shape;
  const tokens = [w.classToken, w.distillationToken].flatMap((token) =>
    token === undefined
      ? []
      : mpc.view(mpc.view(token, { reshape: [1, 1, hidden] }), { expand: [batch, 1, hidden] }),
  );
  return mpc.add(mpc.concat([...tokens, projected], 1), w.positions);
}

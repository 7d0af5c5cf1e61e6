/**
 * Scaled dot-product attention with several heads (Vaswani et al. 2017, section 3.2), without the
 * choice of what turns scores into weights: that is the plan's and the mask's.
 */
import { mulConstant } from '../approximations/fixed.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { linear, type Linear } from './linear.ts';

export interface Attention {
  /** Query, key and value side by side: [hidden, 3 hidden]; apart where queries have more heads. */
  readonly queryKeyValue: Linear | GroupedProjection;
  readonly output: Linear;
  /**
   * [length, rows]: keys and values are multiplied by it along the sequence, so that scores have `rows`
   * columns and not `length` (Linformer, Wang et al. 2020). Padding would be mixed in, so it is cleared before.
   */
  readonly sequenceProjection?: AShare;
}

/** Grouped queries (Ainslie et al. 2023): several heads of queries read the same keys and values. */
export interface GroupedProjection {
  /** [hidden, hidden] */
  readonly query: Linear;
  /** Key and value side by side: [hidden, 2 keyValueHeads width]. */
  readonly keyValue: Linear;
  readonly keyValueHeads: number;
}

/** scores [batch, heads, length, length] to weights of the same shape. */
export type Weighting = (mpc: Protocol, scores: AShare) => Promise<AShare>;

/**
 * x [batch, length, hidden] to the same shape; `turn` changes queries and keys before the scores. `keep`
 * [batch, length], 1 for real tokens, is read where the sequence is projected: `weighting` then sees no padding.
 */
export async function attention(
  mpc: Protocol,
  x: AShare,
  w: Attention,
  heads: number,
  weighting: Weighting,
  turn: (mpc: Protocol, queriesAndKeys: AShare) => Promise<AShare> = async (_, same) => same,
  keep: AShare | null = null,
): Promise<AShare> {
  const width = (x.shape.at(-1) ?? 0) / heads;
  const { projected, groups } = await project(mpc, x, w.queryKeyValue, heads);
  const part = (from: number, to: number) =>
    mpc.view(projected, { slice: { axis: 2, start: from * width, end: to * width } });
  const turning = heads + groups;
  const turned = await turn(mpc.at('rotary'), splitHeads(mpc, part(0, turning), turning));
  const some = (start: number, end: number) => mpc.view(turned, { slice: { axis: 1, start, end } });
  const projection = w.sequenceProjection;
  if (projection !== undefined) {
    const value = splitHeads(mpc, part(turning, turning + groups), groups);
    const real = await withoutPadding(mpc.at('padding'), some(heads, turning), value, keep);
    return shortened(mpc, [some(0, heads), ...real], w, projection, weighting);
  }
  const key = forEveryHead(mpc, some(heads, turning), heads);
  const scores = await attentionScores(mpc.at('scores'), some(0, heads), key);
  const weights = await weighting(mpc.at('softmax'), scores);
  const values = splitHeads(mpc, part(turning, turning + groups), groups);
  const value = forEveryHead(mpc, values, heads);
  const context = await product(mpc.at('context'), weights, value);
  return linear(mpc.at('output'), joinHeads(mpc, context), w.output);
}

/** Keys and values [batch, heads, length, width], 0 at padding: ring integers times fixed point, no truncation. */
async function withoutPadding(
  mpc: Protocol,
  key: AShare,
  value: AShare,
  keep: AShare | null,
): Promise<readonly [AShare, AShare]> {
  if (keep === null) return [key, value];
  const [batch = 0, heads = 0, length = 0, width = 0] = key.shape;
  const column = mpc.view(keep, { reshape: [batch, 1, length, 1] });
  const spread = mpc.view(column, { expand: [batch, 2 * heads, length, width] });
  const both = await mpc.mul(mpc.concat([key, value], 1), spread);
  const half = (start: number) => mpc.view(both, { slice: { axis: 1, start, end: start + heads } });
  return [half(0), half(heads)];
}

/** Attention over fewer rows than tokens; query, key and value [batch, heads, length, width]. */
async function shortened(
  mpc: Protocol,
  [query, key, value]: readonly [AShare, AShare, AShare],
  w: Attention,
  projection: AShare,
  weighting: Weighting,
): Promise<AShare> {
  const [batch = 0, heads = 0, length = 0, width = 0] = key.shape;
  const rows = projection.shape[1] ?? 0;
  // Along the sequence: both turned, one product with a weight.
  const turned = mpc.concat(
    [key, value].map((x) =>
      mpc.view(mpc.view(x, { transpose: [0, 1, 3, 2] }), {
        reshape: [batch * heads * width, length],
      }),
    ),
    0,
  );
  const both = await product(mpc.at('projection'), turned, projection);
  const half = batch * heads * width;
  const part = (start: number) =>
    mpc.view(mpc.view(both, { slice: { axis: 0, start, end: start + half } }), {
      reshape: [batch, heads, width, rows],
    });
  const upright = (x: AShare) => mpc.view(x, { transpose: [0, 1, 3, 2] });
  const scores = await attentionScores(mpc.at('scores'), query, upright(part(0)));
  const weights = await weighting(mpc.at('softmax'), scores);
  const context = await product(mpc.at('context'), weights, upright(part(half)));
  return linear(mpc.at('output'), joinHeads(mpc, context), w.output);
}

/** Queries, keys and values side by side, and how many heads of keys there are. */
async function project(
  mpc: Protocol,
  x: AShare,
  w: Attention['queryKeyValue'],
  heads: number,
): Promise<{ projected: AShare; groups: number }> {
  if (!('keyValueHeads' in w)) {
    return { projected: await linear(mpc.at('queryKeyValue'), x, w), groups: heads };
  }
  const [query, keyValue] = await mpc.together([
    (branch) => linear(branch.at('query'), x, w.query),
    (branch) => linear(branch.at('keyValue'), x, w.keyValue),
  ]);
  return { projected: mpc.concat([query, keyValue], 2), groups: w.keyValueHeads };
}

/** [batch, groups, length, width] to [batch, heads, ...]: neighbours share, as Hugging Face repeats. */
function forEveryHead(mpc: Protocol, x: AShare, heads: number): AShare {
  const [batch = 0, groups = 0, length = 0, width = 0] = x.shape;
  if (groups === heads) return x;
  const apart = mpc.view(x, { reshape: [batch, groups, 1, length, width] });
  const each = mpc.view(apart, { expand: [batch, groups, heads / groups, length, width] });
  return mpc.view(each, { reshape: [batch, heads, length, width] });
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

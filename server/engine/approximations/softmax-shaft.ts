/**
 * Softmax as the end of a differential equation (SHAFT, Kei and Chow 2025): the curve y' = (x - <y, x>) y
 * that begins at 1/n reaches softmax(x) at time 1, and is followed in 16 equal steps (Euler). Scores are
 * first held between -4 and 12. No maximum, no exponential and, where nothing is padded, no reciprocal: its
 * rounds do not depend on the length of a row.
 *
 * Padding begins at 0, where the equation leaves it, and the others at 1 over their number; SHAFT's program
 * gives padded positions the score -4 instead, and with it some weight.
 */
import { encodeScalar } from '../fixed-point.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { rowSum, scaleRows, spread } from './fixed.ts';
import type { SoftmaxFunction } from './function.ts';
import { reciprocalUpTo } from './normalise.ts';

const [low, high] = [-4, 12];
/** Steps, as a power of two: the step joins the truncation of a product. */
const stepBits = 4;

/** x between the two bounds; both comparisons at once. */
async function held(mpc: Protocol, x: AShare): Promise<AShare> {
  const bits = mpc.xorPublic(await mpc.below(x, [low, high]), 1n);
  const excess = mpc.concat(
    [low, high].map((bound) => mpc.view(mpc.addFixed(x, -bound), { reshape: [1, ...x.shape] })),
    0,
  );
  const above = await mpc.bitMul(bits, excess);
  const part = (start: number) =>
    mpc.view(mpc.view(above, { slice: { axis: 0, start, end: start + 1 } }), { reshape: x.shape });
  return mpc.addFixed(mpc.sub(part(0), part(1)), low);
}

/** 1 over the number of real positions, 0 at padding. */
async function evenly(mpc: Protocol, scores: AShare, keep: AShare | null): Promise<AShare> {
  const columns = scores.shape.at(-1) ?? 1;
  if (keep === null) return mpc.addFixed(mpc.scale(scores, 0n), 1 / columns);
  const count = mpc.scale(rowSum(mpc, keep), encodeScalar(mpc.ring, 1));
  const share = await reciprocalUpTo(mpc.at('reciprocal'), count, columns);
  // Flags are ring integers: no truncation.
  return mpc.mul(keep, spread(mpc, share, columns));
}

export const softmaxShaft: SoftmaxFunction<'shaft'> = {
  id: 'shaft',
  title: 'SHAFT softmax',
  description:
    'Scores held between -4 and 12, then 16 steps of a differential equation whose end is softmax; largest error 0.047.',
  source: 'SHAFT (Kei and Chow 2025), softmax by an ordinary differential equation',
  hides: 'byKeep',
  evaluate: async (mpc, scores, keep) => {
    const [x, start] = await mpc.together([
      (branch) => held(branch.at('clip'), scores),
      (branch) => evenly(branch.at('start'), scores, keep),
    ]);
    let y = start;
    for (let step = 0; step < 2 ** stepBits; step += 1) {
      const moved = await mpc.mulTruncate(x, y, mpc.ring.fractionBits + stepBits);
      const shared = await scaleRows(mpc, y, rowSum(mpc, moved));
      y = mpc.add(y, mpc.sub(moved, shared));
    }
    return y;
  },
};

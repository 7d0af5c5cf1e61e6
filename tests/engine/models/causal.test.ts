/**
 * The public causal mask with every softmax that a plan may choose: what is hidden weighs nothing,
 * and what is visible weighs as if the hidden were not there.
 */
import { expect, test } from 'vitest';
import { softmaxFunctions } from '../../../server/engine/approximations/registry.ts';
import { causal } from '../../../server/engine/models/causal.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { seededRandom } from '../../support/random.ts';
import { ringTensor, runClear } from '../../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const one = 2 ** ring.fractionBits;
const length = 6;

/** scores [rows, columns]; masked where they are square. */
async function weightsOf(
  scores: readonly number[],
  shape: readonly number[],
  softmax: keyof typeof softmaxFunctions,
): Promise<number[]> {
  const values = scores.map((score) => BigInt(Math.round(score * one)));
  const fn = softmaxFunctions[softmax];
  const words = await runClear(kernels, ring, [ringTensor(64, shape, values)], (mpc, [x]) =>
    shape.at(-2) === shape.at(-1) ? causal(fn)(mpc, x!) : fn.evaluate(mpc, x!, null),
  );
  return words.map((word) => Number(word) / one);
}

test.each(['puma', 'series', '2quad', 'exact-float'] as const)('%s', async (softmax) => {
  const random = seededRandom(`causal ${softmax}`);
  const scores = Array.from({ length: 2 * length * length }, () => 8 * random() - 4);
  const weights = await weightsOf(scores, [1, 2, length, length], softmax);
  for (let row = 0; row < 2 * length; row++) {
    const visible = (row % length) + 1;
    const own = weights.slice(row * length, (row + 1) * length);
    for (const weight of own.slice(visible)) expect(Math.abs(weight)).toBeLessThan(4 / one);
    // The same row without the hidden columns, as one of two equal rows, which is not masked.
    const alone = scores.slice(row * length, row * length + visible);
    const rows = Array(visible === 2 ? 3 : 2).fill(alone);
    const expected = await weightsOf(rows.flat(), [1, 1, rows.length, visible], softmax);
    own
      .slice(0, visible)
      .forEach((weight, index) => expect(Math.abs(weight - expected[index]!)).toBeLessThan(0.001));
    expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
  }
});

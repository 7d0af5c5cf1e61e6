/** THE-X, SecFormer, SHAFT and MPCViT+: each its own formula in the clear, with and without hidden positions. */
import { describe, expect, test } from 'vitest';
import { softmaxFunctions, geluFunctions } from '../../server/engine/approximations/registry.ts';
import { causal } from '../../server/engine/models/causal.ts';
import type { WeightRecipe } from '../../server/engine/models/model.ts';
import type { SoftmaxId } from '../../server/engine/plan.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { readWeight } from '../../server/engine/weights.ts';
import { seededRandom } from '../support/random.ts';
import { ringTensor, runClear } from '../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const one = 2 ** ring.fractionBits;
const columns = 6;

const random = seededRandom('joined');
const rows = [
  [0, 0, 0, 0, 0, 0],
  [1, 2, 3, -1, 5, 0.5],
  [-3, -2.5, 4, 0, 1, 2],
  ...Array.from({ length: 5 }, () => Array.from({ length: columns }, () => 8 * random() - 4)),
];

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const over = (values: readonly number[], total: number) => values.map((value) => value / total);

/** The formulas, of the positions that count. */
const formulas: Partial<Record<SoftmaxId, (row: readonly number[]) => number[]>> = {
  shaft: (row) => {
    const x = row.map((value) => Math.min(12, Math.max(-4, value)) / 16);
    let y = row.map(() => 1 / row.length);
    for (let step = 0; step < 16; step += 1) {
      const mean = sumOf(x.map((value, i) => value * y[i]!));
      y = y.map((value, i) => value + (x[i]! - mean) * value);
    }
    return y;
  },
  secformer: (row) => {
    const squares = row.map((value) => (value + 5) ** 2);
    return over(squares, sumOf(squares));
  },
  'the-x': (row) => over(row, sumOf(row.map((value) => Math.max(0, (value / 2 + 1) ** 3)))),
};
const ids = ['shaft', 'secformer', 'the-x'] as const;

const encoded = (values: readonly number[][]) =>
  ringTensor(
    64,
    [values.length, values[0]?.length ?? 0],
    values.flat().map((value) => BigInt(Math.round(value * one))),
  );
const floats = (values: readonly bigint[]): number[] => values.map((value) => Number(value) / one);
const worst = (xs: readonly number[], ys: readonly number[]) =>
  Math.max(...xs.map((x, i) => Math.abs(x - (ys[i] ?? NaN))));

describe.each(ids)('softmax %s', (id) => {
  const formula = formulas[id]!;
  const softmax = softmaxFunctions[id];

  test('is its formula', async () => {
    const y = await runClear(kernels, ring, [encoded(rows)], (mpc, [x]) =>
      softmax.evaluate(mpc, x!, null),
    );
    expect(worst(floats(y), rows.flatMap(formula))).toBeLessThan(1e-3);
  });

  test('gives padding no weight, and the others those of a shorter row', async () => {
    const real = 4;
    const keep = ringTensor(
      64,
      [rows.length, columns],
      rows.flatMap(() => Array.from({ length: columns }, (_, i) => (i < real ? 1n : 0n))),
    );
    const y = await runClear(kernels, ring, [encoded(rows), keep], (mpc, [x, k]) =>
      softmax.evaluate(mpc, x!, k!),
    );
    const expected = rows.flatMap((row) => [...formula(row.slice(0, real)), 0, 0]);
    expect(worst(floats(y), expected)).toBeLessThan(1e-3);
  });

  test('gives the future no weight in a decoder', async () => {
    const square = rows.slice(0, columns);
    const y = await runClear(kernels, ring, [encoded(square)], (mpc, [x]) =>
      causal(softmax)(mpc, x!),
    );
    const expected = square.flatMap((row, at) => {
      const seen = formula(row.slice(0, at + 1));
      return [...seen, ...Array<number>(columns - at - 1).fill(0)];
    });
    expect(worst(floats(y), expected)).toBeLessThan(1e-3);
  });
});

test('SHAFT holds scores between its bounds, however far outside they are', async () => {
  const far = [[-1000, 1000, 0, 12, -4, 30]];
  const y = await runClear(kernels, ring, [encoded(far)], (mpc, [x]) =>
    softmaxFunctions.shaft.evaluate(mpc, x!, null),
  );
  expect(worst(floats(y), formulas.shaft!(far[0]!))).toBeLessThan(1e-3);
});

test('ReLU for GeLU is max(0, x)', async () => {
  const x = Array.from({ length: 101 }, (_, i) => (i - 50) / 4);
  const y = await runClear(kernels, ring, [encoded([x])], (mpc, [a]) =>
    geluFunctions.relu.evaluate(mpc, a!),
  );
  expect(floats(y)).toEqual(x.map((value) => Math.max(0, value)));
});

describe('two layers as one', () => {
  const [inputs, inner, outputs] = [2, 3, 2];
  const first = { shape: [inner, inputs], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const second = { shape: [outputs, inner], data: Float32Array.of(1, 0, -1, 2, 1, 0) };
  const weights = new Map([
    ['a.weight', first],
    ['b.weight', second],
    ['a.bias', { shape: [inner], data: Float32Array.of(10, 20, 30) }],
    ['b.bias', { shape: [outputs], data: Float32Array.of(1, 2) }],
  ]);
  const recipe = (part: 'matrix' | 'bias'): WeightRecipe => ({
    shape: part === 'matrix' ? [inputs, outputs] : [outputs],
    from: part === 'matrix' ? ['a.weight', 'b.weight'] : ['a.bias', 'b.weight', 'b.bias'],
    transpose: true,
    fused: { part, inputs, inner },
  });

  test('are the product of their matrices, and of bias and matrix', () => {
    // A^T = [[1, 3, 5], [2, 4, 6]], B^T = [[1, 2], [0, 1], [-1, 0]].
    expect([...readWeight(weights, recipe('matrix'))]).toEqual([-4, 5, -4, 8]);
    expect([...readWeight(weights, recipe('bias'))]).toEqual([10 - 30 + 1, 20 + 20 + 2]);
  });

  test('of a checkpoint that lacks one are refused by its name', () => {
    const fewer = new Map([...weights].filter(([name]) => name !== 'b.weight'));
    expect(() => readWeight(fewer, recipe('matrix'))).toThrow(/b\.weight is missing/);
  });
});

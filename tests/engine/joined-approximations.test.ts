/** THE-X, SecFormer, SHAFT, Linformer and MPCViT+: each its own formula in the clear, with and without hidden positions. */
import { describe, expect, test } from 'vitest';
import {
  geluFunctions,
  layerNormFunctions,
  softmaxFunctions,
} from '../../server/engine/approximations/registry.ts';
import { attention } from '../../server/engine/models/attention.ts';
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

test('linear LayerNorm is gamma x + beta', async () => {
  const gamma = [0.5, 2, -1];
  const beta = [1, 0, 3];
  const x = [
    [1, 2, 3],
    [-4, 0, 8],
  ];
  const y = await runClear(
    kernels,
    ring,
    [encoded(x), encoded([gamma]), encoded([beta])],
    (mpc, [a, g, b]) =>
      layerNormFunctions.linear.evaluate(
        mpc,
        a!,
        mpc.view(g!, { reshape: [3] }),
        mpc.view(b!, { reshape: [3] }),
        1e-12,
      ),
  );
  expect(floats(y)).toEqual(x.flatMap((row) => row.map((v, i) => v * gamma[i]! + beta[i]!)));
});

test('Linformer projects keys and values along the sequence, by one matrix for both', async () => {
  const [length, rows, width] = [4, 2, 2];
  const draw = (count: number) => Array.from({ length: count }, () => 2 * random() - 1);
  const split = (values: readonly number[], columns: number) =>
    Array.from({ length: values.length / columns }, (_, row) =>
      values.slice(row * columns, (row + 1) * columns),
    );
  const x = split(draw(length * width), width);
  const projection = split(draw(length * rows), rows);
  const queryKeyValue = split(draw(width * 3 * width), 3 * width);
  const output = split(draw(width * width), width);
  const tensors = [x, queryKeyValue, output, projection].map(encoded);
  const y = await runClear(kernels, ring, tensors, (mpc, [a, qkv, o, e]) =>
    attention(
      mpc,
      mpc.view(a!, { reshape: [1, length, width] }),
      {
        queryKeyValue: { weight: qkv!, bias: null },
        output: { weight: o!, bias: null },
        sequenceProjection: e!,
      },
      1,
      (at, scores) => softmaxFunctions.exponential.evaluate(at, scores, null),
    ),
  );
  const times = (a: readonly number[][], b: readonly number[][]) =>
    a.map((row) => b[0]!.map((_, j) => sumOf(row.map((value, k) => value * b[k]![j]!))));
  const flip = (m: readonly number[][]) => m[0]!.map((_, j) => m.map((row) => row[j]!));
  const all = times(x, queryKeyValue);
  const [q, k, v] = [0, 1, 2].map((at) =>
    all.map((row) => row.slice(at * width, (at + 1) * width)),
  ) as [number[][], number[][], number[][]];
  const [shortKeys, shortValues] = [times(flip(projection), k), times(flip(projection), v)];
  const weights = times(q, flip(shortKeys)).map((row) => {
    const powers = row.map((score) => Math.exp(score / Math.sqrt(width)));
    return over(powers, sumOf(powers));
  });
  expect(weights[0]).toHaveLength(rows);
  expect(worst(floats(y), times(times(weights, shortValues), output).flat())).toBeLessThan(1e-3);
});

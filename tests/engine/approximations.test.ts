/**
 * Error of every approximation in fixed point against its float function, over its domain and at
 * the edges that hurt: zeros, ties, all-negative rows, values far outside.
 */
import { describe, expect, test } from 'vitest';
import { gelu } from '../../server/engine/approximations/erf.ts';
import { sineAndCosine, sineSeries } from '../../server/engine/approximations/fourier.ts';
import { erfSines } from '../../server/engine/approximations/gelu-fourier.ts';
import { layerNorm } from '../../server/engine/approximations/layernorm.ts';
import { reciprocal, reciprocalSqrt } from '../../server/engine/approximations/normalise.ts';
import { geluIds, softmaxIds, variantIds } from '../../server/api/schemas/run-spec.ts';
import {
  geluDescriptions,
  geluFunctions,
  softmaxDescriptions,
  softmaxFunctions,
} from '../../server/engine/approximations/registry.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { tanh } from '../../server/engine/approximations/tanh.ts';
import type { AShare, Protocol } from '../../server/engine/protocol.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Shape } from '../../server/engine/ring/tensor.ts';
import { ringTensor, runClear, simulate } from '../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const unit = 2 ** -ring.fractionBits;

const encode = (shape: Shape, values: readonly number[]) =>
  ringTensor(
    64,
    shape,
    values.map((value) => BigInt(Math.round(value / unit))),
  );
const grid = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));

async function clear(
  inputs: readonly { shape: Shape; values: readonly number[] }[],
  program: (mpc: Protocol, inputs: readonly AShare[]) => Promise<AShare>,
): Promise<number[]> {
  const tensors = inputs.map(({ shape, values }) => encode(shape, values));
  return (await runClear(kernels, ring, tensors, program)).map((value) => Number(value) * unit);
}

const worst = (xs: readonly number[], ys: readonly number[]) =>
  Math.max(...xs.map((x, index) => Math.abs(x - (ys[index] ?? NaN))));

describe('element-wise functions', () => {
  const x = grid(-12, 12, 4001);
  const shape = [x.length];

  test('PUMA GeLU stays within .021 everywhere', async () => {
    const y = await clear([{ shape, values: x }], (mpc, [a]) =>
      geluFunctions.puma.evaluate(mpc, a!),
    );
    expect(worst(y, x.map(gelu))).toBeLessThan(0.021);
    expect(worst(y, x.map(gelu))).toBeGreaterThan(0.005);
  });

  test('GeLU by series stays within .012', async () => {
    const y = await clear([{ shape, values: x }], (mpc, [a]) =>
      geluFunctions['tanh-series'].evaluate(mpc, a!),
    );
    expect(worst(y, x.map(gelu))).toBeLessThan(0.012);
  });

  test('GeLU by an even polynomial stays within .0073', async () => {
    const y = await clear([{ shape, values: x }], (mpc, [a]) =>
      geluFunctions.even.evaluate(mpc, a!),
    );
    expect(worst(y, x.map(gelu))).toBeLessThan(0.0073);
  });

  test.each([
    ['secformer', 0.0202, 0.015],
    ['shaft', 0.0045, 0.002],
  ] as const)('GeLU by sines, %s, stays within %f, and is no better', async (id, bound, least) => {
    const y = await clear([{ shape, values: x }], (mpc, [a]) =>
      geluFunctions[id].evaluate(mpc, a!),
    );
    expect(worst(y, x.map(gelu))).toBeLessThan(bound);
    expect(worst(y, x.map(gelu))).toBeGreaterThan(least);
  });

  test('sums of sines are their own sums, with the printed coefficients', async () => {
    const turns = grid(-1, 1, 1001);
    const betas = erfSines;
    const y = await clear([{ shape: [turns.length], values: turns }], async (mpc, [a]) => {
      const { sine, cosine } = await sineAndCosine(mpc, a!);
      return sineSeries(mpc, sine, cosine, betas);
    });
    const exact = turns.map((turn) =>
      betas.reduce((sum, beta, k) => sum + beta * Math.sin(((k + 1) * turn * Math.PI) / 2), 0),
    );
    expect(worst(y, exact)).toBeLessThan(2e-3);
    // The coefficients that the paper prints.
    const printed = [1.25772, -0.0299154, 0.382155, -0.0519123, 0.196033, -0.0624557, 0.118029];
    expect(worst(betas, printed)).toBeLessThan(1e-4);
  });

  test('Quad is its own polynomial to a few units', async () => {
    const y = await clear([{ shape, values: x }], (mpc, [a]) =>
      geluFunctions.quad.evaluate(mpc, a!),
    );
    expect(
      worst(
        y,
        x.map((v) => 0.125 * v * v + 0.25 * v + 0.5),
      ),
    ).toBeLessThan(6 * unit);
  });

  test('tanh stays within .005 and saturates exactly', async () => {
    const y = await clear([{ shape, values: x }], (mpc, [a]) => tanh(mpc, a!));
    expect(worst(y, x.map(Math.tanh))).toBeLessThan(0.005);
    expect(y[0]).toBe(-1);
    expect(y.at(-1)).toBe(1);
  });
});

describe('reciprocal and reciprocal square root', () => {
  const x = [...grid(0.001, 1, 500), ...grid(1, 4000, 500)];
  const column = { shape: [x.length, 1], values: x };

  test('reciprocal: relative error below 2e-4 plus two units', async () => {
    const y = await clear([column], (mpc, [a]) => reciprocal(mpc, a!));
    y.forEach((value, index) => {
      const v = Math.round((x[index] ?? 1) / unit) * unit;
      expect(Math.abs(value - 1 / v)).toBeLessThan(2e-4 / v + 2 * unit + (2 * unit) / v);
    });
  });

  test('reciprocal square root: relative error below 2e-3 plus rounding', async () => {
    const y = await clear([column], (mpc, [a]) => reciprocalSqrt(mpc, a!));
    y.forEach((value, index) => {
      const v = Math.round((x[index] ?? 1) / unit) * unit;
      expect(Math.abs(value * Math.sqrt(v) - 1)).toBeLessThan(
        2e-3 + 4 * unit * Math.sqrt(v) + (40 * unit) / Math.sqrt(v),
      );
    });
  });

  test('zero gives zero', async () => {
    const zero = { shape: [2, 1], values: [0, 0] };
    expect(await clear([zero], (mpc, [a]) => reciprocal(mpc, a!))).toEqual([0, 0]);
    expect(await clear([zero], (mpc, [a]) => reciprocalSqrt(mpc, a!))).toEqual([0, 0]);
  });
});

function softmax(row: readonly number[]): number[] {
  const max = Math.max(...row);
  const powers = row.map((v) => Math.exp(v - max));
  const total = powers.reduce((sum, v) => sum + v, 0);
  return powers.map((v) => v / total);
}

describe('softmax', () => {
  const rows = [
    [0, 0, 0, 0, 0],
    [-30, -31, -29, -30.5, -30],
    [1, 2, 3, 4, 5],
    [10, -10, 9.5, 0, -3],
    [7, 7, 7, 7, 7],
  ];
  const scores = { shape: [5, 5], values: rows.flat() };
  // Integers, so one unit each.
  const keepAll = { shape: [5, 5], values: Array<number>(25).fill(unit) };

  test.each([
    ['puma', 0.02],
    ['series', 0.004],
    ['exponential', 0.0002],
  ] as const)('%s stays within %s of softmax', async (id, bound) => {
    const y = await clear([scores, keepAll], (mpc, [a, k]) =>
      softmaxFunctions[id].evaluate(mpc, a!, k!),
    );
    expect(worst(y, rows.flatMap(softmax))).toBeLessThan(bound);
  });

  test('2Quad is (x + 5)^2 over its row sum', async () => {
    const y = await clear([scores, keepAll], (mpc, [a, k]) =>
      softmaxFunctions['2quad'].evaluate(mpc, a!, k!),
    );
    const expected = rows.flatMap((row) => {
      const squares = row.map((v) => (v + 5) ** 2);
      const total = squares.reduce((sum, v) => sum + v, 0);
      return squares.map((v) => v / total);
    });
    expect(worst(y, expected)).toBeLessThan(1e-3);
  });

  test('2ReLU is ReLU(x) over its row sum, and nothing where no score is positive', async () => {
    const y = await clear([scores, keepAll], (mpc, [a, k]) =>
      softmaxFunctions['2relu'].evaluate(mpc, a!, k!),
    );
    const expected = rows.flatMap((row) => {
      const total = row.reduce((sum, v) => sum + Math.max(v, 0), 0);
      return row.map((v) => (total === 0 ? 0 : Math.max(v, 0) / total));
    });
    expect(worst(y, expected)).toBeLessThan(1e-3);
  });

  test.each(softmaxIds)('%s without a mask is what it is with all kept', async (id) => {
    const program = softmaxFunctions[id];
    const masked = await clear([scores, keepAll], (mpc, [a, k]) => program.evaluate(mpc, a!, k!));
    const plain = await clear([scores], (mpc, [a]) => program.evaluate(mpc, a!, null));
    // SHAFT begins at 1/n; under a mask that is a reciprocal, of which the steps make 35 times its rounding.
    if (id === 'shaft') expect(worst(plain, masked)).toBeLessThan(2e-3);
    else expect(plain).toEqual(masked);
  });

  test.each(['puma', 'series'] as const)(
    '%s: padding loses even with the largest score',
    async (id) => {
      const y = await clear(
        [
          { shape: [1, 4], values: [70, -70, -69, 70] },
          { shape: [1, 4], values: [0, unit, unit, 0] },
        ],
        (mpc, [a, k]) => softmaxFunctions[id].evaluate(mpc, a!, k!),
      );
      expect(y[0]).toBe(0);
      expect(y[3]).toBe(0);
      expect(y[2]).toBeCloseTo(1 / (1 + Math.exp(-1)), 1);
    },
  );

  test('2Quad keeps its weights for long rows of large scores', async () => {
    const long = { shape: [1, 128], values: Array<number>(128).fill(60) };
    const y = await clear(
      [long, { shape: [1, 128], values: Array<number>(128).fill(unit) }],
      (mpc, [a, k]) => softmaxFunctions['2quad'].evaluate(mpc, a!, k!),
    );
    expect(worst(y, Array<number>(128).fill(1 / 128))).toBeLessThan(1e-4);
  });

  test.each(['puma', 'series', 'exponential', '2quad'] as const)(
    '%s gives padding no weight',
    async (id) => {
      const keep = rows.flatMap((_, row) => rows.map((__, column) => (column > row ? 0 : unit)));
      const y = await clear([scores, { shape: [5, 5], values: keep }], (mpc, [a, k]) =>
        softmaxFunctions[id].evaluate(mpc, a!, k!),
      );
      y.forEach((value, index) => {
        if (keep[index] === 0) expect(Math.abs(value)).toBeLessThanOrEqual(unit);
      });
      rows.forEach((_, row) => {
        const sum = y.slice(row * 5, row * 5 + 5).reduce((total, v) => total + v, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(0.01);
      });
    },
  );
});

describe('LayerNorm', () => {
  test('normalises rows, and a row without variance gives beta', async () => {
    const rows = [grid(-3, 5, 8), Array<number>(8).fill(2.5), grid(0.1, 0.2, 8)];
    const gamma = grid(0.5, 1.5, 8);
    const beta = grid(-1, 1, 8);
    const y = await clear(
      [
        { shape: [3, 8], values: rows.flat() },
        { shape: [8], values: gamma },
        { shape: [8], values: beta },
      ],
      (mpc, [x, g, b]) => layerNorm(mpc, x!, g!, b!, 1e-12),
    );
    const expected = rows.flatMap((row) => {
      const mean = row.reduce((sum, v) => sum + v, 0) / 8;
      const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 8;
      return row.map((v, i) =>
        variance < 1e-9 ? beta[i]! : ((v - mean) / Math.sqrt(variance)) * gamma[i]! + beta[i]!,
      );
    });
    expect(worst(y.slice(0, 16), expected.slice(0, 16))).toBeLessThan(0.01);
    expect(worst(y.slice(16), expected.slice(16))).toBeLessThan(0.05);
  });
});

test.each([384, 768])(
  'LayerNorm of a constant row of %s values gives beta, also secretly',
  async (n) => {
    const row = encode([1, n], Array<number>(n).fill(2.5));
    const gamma = encode([n], Array<number>(n).fill(1));
    const beta = encode([n], grid(-1, 1, n));
    const expected = grid(-1, 1, n);
    const run = await simulate(
      'replicated/aby3',
      kernels,
      ring,
      [row, gamma, beta],
      (mpc, [x, g, b]) => layerNorm(mpc, x!, g!, b!, 1e-12),
    );
    const clearRun = await runClear(kernels, ring, [row, gamma, beta], (mpc, [x, g, b]) =>
      layerNorm(mpc, x!, g!, b!, 1e-12),
    );
    const floats = (values: readonly bigint[]) => values.map((value) => Number(value) * unit);
    expect(worst(floats(clearRun), expected)).toBeLessThan(0.01);
    // A unit of rounding in the mean is all the variance there is; the root makes at most one of it.
    expect(worst(floats(run.values), expected)).toBeLessThan(1.1);
  },
);

test('under secret sharing every function is its clear self within rounding', async () => {
  const x = encode([4, 6], grid(-6, 6, 24));
  const keep = ringTensor(64, [4, 6], Array<bigint>(24).fill(1n));
  const programs: Record<string, (mpc: Protocol, a: AShare, k: AShare) => Promise<AShare>> = {
    geluPuma: (mpc, a) => geluFunctions.puma.evaluate(mpc, a),
    geluQuad: (mpc, a) => geluFunctions.quad.evaluate(mpc, a),
    geluSeries: (mpc, a) => geluFunctions['tanh-series'].evaluate(mpc, a),
    softmaxPuma: (mpc, a, k) => softmaxFunctions.puma.evaluate(mpc, a, k),
    geluEven: (mpc, a) => geluFunctions.even.evaluate(mpc, a),
    softmaxExponential: (mpc, a, k) => softmaxFunctions.exponential.evaluate(mpc, a, k),
    softmaxSeries: (mpc, a, k) => softmaxFunctions.series.evaluate(mpc, a, k),
    softmax2Quad: (mpc, a, k) => softmaxFunctions['2quad'].evaluate(mpc, a, k),
    tanh: (mpc, a) => tanh(mpc, a),
  };
  for (const [name, program] of Object.entries(programs)) {
    const expected = await runClear(kernels, ring, [x, keep], (mpc, [a, k]) =>
      program(mpc, a!, k!),
    );
    const actual = await simulate('replicated/aby3', kernels, ring, [x, keep], (mpc, [a, k]) =>
      program(mpc, a!, k!),
    );
    actual.values.forEach((value, index) => {
      const units = Number(value - (expected[index] ?? 0n));
      // Eight squarings after an 8-bit truncation may grow one unit to 2^8.
      expect(Math.abs(units), `${name}, element ${index}`).toBeLessThan(256);
    });
  }
});

test('the spec offers exactly the functions and variants that the engine has', () => {
  expect(geluDescriptions.map(({ id }) => id)).toEqual([...geluIds]);
  expect(softmaxDescriptions.map(({ id }) => id)).toEqual([...softmaxIds]);
  expect(variantDescriptions.map(({ id }) => id)).toEqual([...variantIds]);
});

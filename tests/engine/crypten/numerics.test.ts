/**
 * Errors of CrypTen's functions with 16 fraction bits against the exact ones, on the domains on which
 * they are good: in the clear and by two parties and a dealer.
 */
import { describe, expect, test } from 'vitest';
import { gelu } from '../../../server/engine/approximations/erf.ts';
import { hardtanh, relu, where } from '../../../server/engine/approximations/crypten/compare.ts';
import { erfCorrected } from '../../../server/engine/approximations/crypten/erf.ts';
import { exp, expCorrected } from '../../../server/engine/approximations/crypten/exp.ts';
import * as gelus from '../../../server/engine/approximations/crypten/gelu.ts';
import { batchNorm, layerNorm } from '../../../server/engine/approximations/crypten/layernorm.ts';
import { log } from '../../../server/engine/approximations/crypten/log.ts';
import { sigmoid, silu, tanh } from '../../../server/engine/approximations/crypten/logistic.ts';
import { maxAndArgmax, maxValue } from '../../../server/engine/approximations/crypten/maximum.ts';
import * as reciprocals from '../../../server/engine/approximations/crypten/reciprocal.ts';
import { inverseSqrt, sqrt } from '../../../server/engine/approximations/crypten/roots.ts';
import { column, grid, inTheClear, secretly, unit, worst, type Program } from './support.ts';

interface Case {
  readonly name: string;
  readonly program: Program;
  readonly exact: (x: number) => number;
  readonly x: readonly number[];
  /** Of |error| / max(|exact|, floor). */
  readonly bound: number;
  readonly floor: number;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

const cases: readonly Case[] = [
  { name: 'exp', program: exp, exact: Math.exp, x: grid(-30, 3, 67), bound: 0.02, floor: 0.1 },
  {
    name: 'exp, corrected, far below zero',
    program: expCorrected,
    exact: Math.exp,
    x: grid(-4000, 3, 40),
    bound: 0.02,
    floor: 0.1,
  },
  {
    name: 'reciprocal of positives',
    program: reciprocals.reciprocalOfPositive,
    exact: (x) => 1 / x,
    x: [0.1, 0.25, 0.5, 1, 2, 3],
    bound: 1.2e-4,
    floor: 0,
  },
  {
    name: 'reciprocal',
    program: reciprocals.reciprocal,
    exact: (x) => 1 / x,
    x: [-10, -3, -1, -0.25, 0.25, 1, 3, 10],
    bound: 0.002,
    floor: 0,
  },
  {
    name: 'reciprocal, corrected',
    program: (mpc, x) => reciprocals.reciprocalScaled(mpc, x, 5),
    exact: (x) => 1 / x,
    x: [2, 10, 50, 100, 200, 400, 1000],
    bound: 0.02,
    floor: 0,
  },
  {
    name: 'inverse square root',
    program: inverseSqrt,
    exact: (x) => 1 / Math.sqrt(x),
    x: [0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 150],
    bound: 0.006,
    floor: 0,
  },
  {
    name: 'square root',
    program: sqrt,
    exact: Math.sqrt,
    x: [0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 150],
    bound: 0.006,
    floor: 0,
  },
  {
    name: 'logarithm',
    program: log,
    exact: Math.log,
    x: [0.001, 0.01, 0.1, 0.5, 1, 2, 10, 100, 250],
    bound: 0.02,
    floor: 1,
  },
  {
    name: 'sigmoid',
    program: sigmoid,
    exact: logistic,
    x: grid(-20, 20, 81),
    bound: 0.003,
    floor: 1,
  },
  { name: 'tanh', program: tanh, exact: Math.tanh, x: grid(-20, 20, 81), bound: 0.006, floor: 1 },
  {
    name: 'SiLU',
    program: silu,
    exact: (x) => x * logistic(x),
    x: grid(-12, 12, 49),
    bound: 0.004,
    floor: 1,
  },
  {
    name: 'erf, corrected',
    program: erfCorrected,
    exact: (x) => 2 * (gelu(x * Math.SQRT2) / (x * Math.SQRT2)) - 1,
    x: [-100, -3, -2, -1.81, -1, -0.1, 0.1, 0.5, 1, 1.5, 1.81, 2, 3, 100],
    bound: 0.011,
    floor: 1,
  },
  {
    name: 'GeLU by tanh',
    program: gelus.geluTanh,
    exact: gelu,
    x: grid(-8, 8, 65),
    bound: 0.003,
    floor: 1,
  },
  {
    name: 'GeLU by the corrected erf',
    program: gelus.geluErfCorrected,
    exact: gelu,
    x: grid(-100, 100, 201),
    bound: 0.014,
    floor: 1,
  },
  {
    name: 'GeLU by the shipped erf, where that is right',
    program: gelus.geluErfAsShipped,
    exact: gelu,
    x: grid(-0.7, 1.4, 43),
    bound: 0.004,
    floor: 1,
  },
  {
    name: 'ReLU',
    program: relu,
    exact: (x) => Math.max(x, 0),
    x: [-1e6, -1, -unit, 0, unit, 1, 1e6],
    bound: 0,
    floor: 1,
  },
  {
    name: 'Hardtanh',
    program: (mpc, x) => hardtanh(mpc, x),
    exact: (x) => Math.max(-1, Math.min(1, x)),
    x: [-1e6, -1, -0.5, 0, 0.25, 1, 7],
    bound: 0,
    floor: 1,
  },
];

describe.each(cases)('$name', ({ program, exact, x, bound, floor }) => {
  const errors = (y: readonly number[]) =>
    y.map((value, index) => {
      const expected = exact(x[index] ?? NaN);
      return Math.abs(value - expected) / Math.max(Math.abs(expected), floor);
    });

  test(`stays within ${bound}, in the clear and secretly`, async () => {
    expect(Math.max(...errors(await inTheClear(program, column(x))))).toBeLessThanOrEqual(bound);
    expect(Math.max(...errors(await secretly(program, [column(x)])))).toBeLessThanOrEqual(bound);
  });
});

test('the reciprocal on 0.1 to 10: 0.01 %, and the square it subtracts rounded, times x', async () => {
  const x = grid(0.1, 10, 400);
  for (const y of [
    await inTheClear(reciprocals.reciprocalOfPositive, column(x)),
    await secretly(reciprocals.reciprocalOfPositive, [column(x)]),
  ]) {
    y.forEach((value, index) => {
      const given = Math.trunc((x[index] ?? NaN) / unit) * unit;
      expect(Math.abs(value - 1 / given)).toBeLessThan(1e-4 / given + (2 + 2 * given) * unit);
    });
  }
});

test('GeLU by Hardtanh is up to 0.14 off, and no more', async () => {
  const x = grid(-6, 6, 97);
  const y = await secretly(gelus.geluHardtanh, [column(x)]);
  expect(worst(y, x.map(gelu))).toBeGreaterThan(0.12);
  expect(worst(y, x.map(gelu))).toBeLessThan(0.14);
});

test('a quotient and a selection', async () => {
  const x = column([1, -6, 7.5]);
  const y = column([4, 3, -2.5]);
  expect(worst(await secretly(reciprocals.divide, [x, y]), [0.25, -2, -3])).toBeLessThan(1e-3);
  const bit = column([unit, 0, unit]);
  expect(await secretly(where, [bit, x, y])).toEqual([1, 3, 7.5]);
});

describe('maximum', () => {
  const rows = [
    [1, 5, 5, 2, -3],
    [-9, -8, -8.5, -100, -8],
    [0, 0, 0, 0, 0],
  ];
  const input = { shape: [3, 5], values: rows.flat() };
  const best = rows.map((row) => Math.max(...row));

  test('is exact, also of negative and equal entries', async () => {
    expect(await inTheClear(maxValue, input)).toEqual(best);
    expect(await secretly(maxValue, [input])).toEqual(best);
  });

  test.each([1, 2, 3, 4, 7, 9, 33, 130])('of %i entries, the largest anywhere', async (n) => {
    const places = [...new Set([0, 1, Math.floor(n / 2), n - 1])].filter((place) => place < n);
    const values = places.flatMap((place) =>
      Array.from({ length: n }, (_, index) => (index === place ? 3 : -((index * 7) % 11))),
    );
    const shape = [places.length, n];
    expect(await secretly(maxValue, [{ shape, values }])).toEqual(
      places.map((place) => (n === 1 ? 3 : Math.max(...values.slice(0, n), place >= 0 ? 3 : 0))),
    );
  });

  test('argmax chooses one of the largest, not always the same', async () => {
    const argmax: Program = async (mpc, x) => (await maxAndArgmax(mpc, x)).argmax;
    const seen = new Set<string>();
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const ones = (await secretly(argmax, [input], seed)).map((value) => value / unit);
      rows.forEach((row, index) => {
        const chosen = ones.slice(index * 5, index * 5 + 5);
        expect(chosen.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 1]);
        expect(row[chosen.indexOf(1)]).toBe(best[index]);
      });
      seen.add(ones.join(''));
    }
    expect(seen.size).toBeGreaterThan(1);
    // Without randomness the first of them.
    const first = (await inTheClear(argmax, input)).map((value) => value / unit);
    expect(first).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
  });
});

describe('normalisation', () => {
  const rows = [grid(-3, 5, 12), grid(2, 4, 12), grid(10, -10, 12)];
  const x = { shape: [3, 12], values: rows.flat() };
  const gamma = grid(0.5, 1.5, 12);
  const beta = grid(-1, 1, 12);
  const row = (values: readonly number[]) => ({ shape: [12], values });

  test('LayerNorm', async () => {
    const expected = rows.flatMap((values) => {
      const mean = values.reduce((sum, v) => sum + v, 0) / 12;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 12;
      return values.map((v, i) => ((v - mean) / Math.sqrt(variance)) * gamma[i]! + beta[i]!);
    });
    const program: Program = (mpc, a, g, b) => layerNorm(mpc, a, g, b, 1e-12);
    expect(worst(await secretly(program, [x, row(gamma), row(beta)]), expected)).toBeLessThan(
      0.005,
    );
  });

  test('the BatchNorm stand-in applies what it is given', async () => {
    const mean = grid(0, 1, 12);
    const inverse = grid(1, 0.5, 12);
    const program: Program = (mpc, a, m, d, g, b) =>
      batchNorm(mpc, a, { mean: m, inverseDeviation: d, gamma: g, beta: b });
    const y = await secretly(program, [x, row(mean), row(inverse), row(gamma), row(beta)]);
    const expected = rows.flatMap((values) =>
      values.map((v, i) => (v - mean[i]!) * inverse[i]! * gamma[i]! + beta[i]!),
    );
    expect(worst(y, expected)).toBeLessThan(0.001);
  });
});

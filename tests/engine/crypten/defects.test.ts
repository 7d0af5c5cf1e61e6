/**
 * What CrypTen and MPCFormer's benchmark get wrong, reproduced, and the corrected forms beside it.
 * The figures stand in the functions' `defect` fields.
 */
import { describe, expect, test } from 'vitest';
import { gelu } from '../../../server/engine/approximations/erf.ts';
import { erfAsShipped, powerAsShipped } from '../../../server/engine/approximations/crypten/erf.ts';
import { exp } from '../../../server/engine/approximations/crypten/exp.ts';
import {
  geluErfAsShipped,
  quadAsShipped,
} from '../../../server/engine/approximations/crypten/gelu.ts';
import { reciprocalOfPositive } from '../../../server/engine/approximations/crypten/reciprocal.ts';
import { inverseSqrt } from '../../../server/engine/approximations/crypten/roots.ts';
import * as softmaxes from '../../../server/engine/approximations/crypten/softmax.ts';
import {
  geluDescriptions,
  softmaxDescriptions,
} from '../../../server/engine/approximations/registry.ts';
import { seededRandom } from '../../support/random.ts';
import { column, grid, inTheClear, secretly, unit, worst, type Program } from './support.ts';

describe('outside their domains', () => {
  test('the reciprocal drifts from 50 on and explodes above 256', async () => {
    const [at50 = NaN, at100 = NaN, at200 = NaN, at400 = NaN] = await secretly(
      reciprocalOfPositive,
      [column([50, 100, 200, 400])],
    );
    expect(Math.abs(at50 * 50 - 1)).toBeGreaterThan(0.002);
    expect(Math.abs(at50 * 50 - 1)).toBeLessThan(0.06);
    expect(Math.abs(at100 * 100 - 1)).toBeLessThan(0.15);
    expect(Math.abs(at200 * 200 - 1)).toBeGreaterThan(0.05);
    expect(Math.abs(at400)).toBeGreaterThan(1e6);
  });

  test('exp explodes below -512 and is low from 4 on', async () => {
    const [far = NaN, four = NaN, eight = NaN] = await secretly(exp, [column([-600, 4, 8])]);
    expect(Math.abs(far)).toBeGreaterThan(1e6);
    expect(four).toBeCloseTo(52.93, 0);
    expect(Math.abs(eight - 2637)).toBeLessThan(2);
  });

  test('the inverse square root gives 6.7 instead of 31.6 at 0.001 and fails from 200 on', async () => {
    const [small = NaN, large = NaN] = await secretly(inverseSqrt, [column([0.001, 200])]);
    expect(small).toBeCloseTo(6.66, 1);
    expect(large).toBeLessThan(0.03);
  });
});

describe('powers and what is built on them', () => {
  test.each([
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 6],
    [7, 9],
    [9, 12],
    [11, 18],
    [13, 18],
    [15, 27],
    [17, 24],
  ])('x^%i is x^%i', async (asked, given) => {
    const [y = NaN] = await secretly((mpc, x) => powerAsShipped(mpc, x, asked), [column([1.25])]);
    expect(y).toBeCloseTo(1.25 ** given, 1);
  });

  test('erf(1) is right, erf(1.5) is 0.28, erf(2) is -175', async () => {
    const [one = NaN, more = NaN, two = NaN] = await secretly(erfAsShipped, [column([1, 1.5, 2])]);
    expect(one).toBeCloseTo(0.8427, 3);
    expect(more).toBeCloseTo(0.2839, 3);
    expect(two).toBeCloseTo(-175.5, 0);
    const x = [-3, 3];
    expect(worst(await secretly(geluErfAsShipped, [column(x)]), x.map(gelu))).toBeGreaterThan(100);
  });

  test("the timed Quad is 0.25 |x - 1| from the paper's", async () => {
    const x = grid(-6, 6, 25);
    const paper = x.map((v) => 0.125 * v * v + 0.25 * v + 0.5);
    const y = await secretly(quadAsShipped, [column(x)]);
    y.forEach((value, index) => {
      const off = Math.abs(0.25 * ((x[index] ?? NaN) - 1));
      expect(Math.abs(value - (paper[index] ?? NaN))).toBeCloseTo(off, 3);
    });
  });
});

/** Standard normal scores, two rows of n. */
function scores(n: number) {
  const random = seededRandom(`scores of ${n}`);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return { shape: [2, n], values: Array.from({ length: 2 * n }, normal) };
}

function weights(values: readonly number[], n: number, of: (x: number, max: number) => number) {
  const out: number[] = [];
  for (let start = 0; start < values.length; start += n) {
    const row = values.slice(start, start + n);
    const max = Math.max(...row);
    const total = row.reduce((sum, v) => sum + of(v, max), 0);
    out.push(...row.map((v) => of(v, max) / total));
  }
  return out;
}

const unmasked =
  (softmax: typeof softmaxes.softmaxAsShipped): Program =>
  (mpc, x) =>
    softmax(mpc, x, null);

describe.each([32, 128, 512])('rows of %i', (n) => {
  const input = scores(n);
  const exact = weights(input.values, n, (x, max) => Math.exp(x - max));
  const quad = weights(input.values, n, (x) => (x + 5) ** 2);
  const relu = weights(input.values, n, (x) => Math.max(x, 0));

  test('softmax is within 0.002 in all three forms', async () => {
    for (const form of [
      softmaxes.softmaxAsShipped,
      softmaxes.softmaxWithoutArgmax,
      softmaxes.softmaxCorrected,
    ]) {
      expect(worst(await secretly(unmasked(form), [input]), exact)).toBeLessThan(0.002);
    }
  });

  test('2Quad explodes as shipped and is within 1.3 % of the largest weight corrected', async () => {
    const shipped = await secretly(unmasked(softmaxes.quadAsShipped), [input]);
    expect(worst(shipped, quad)).toBeGreaterThan(1e9);
    const corrected = await secretly(unmasked(softmaxes.quadCorrected), [input]);
    expect(worst(corrected, quad)).toBeLessThan(0.013 * Math.max(...quad));
  });

  test('2ReLU loses accuracy with length as shipped, not corrected', async () => {
    const shipped = worst(await inTheClear(unmasked(softmaxes.reluAsShipped), input), relu);
    expect(shipped).toBeLessThan(0.02);
    expect(shipped).toBeGreaterThan(n === 512 ? 0.002 : 0.0001);
    const corrected = await secretly(unmasked(softmaxes.reluCorrected), [input]);
    expect(worst(corrected, relu)).toBeLessThan(5 * unit);
  });
});

test('softmax of 512 equal scores is noise as shipped, and right corrected', async () => {
  const flat = { shape: [1, 512], values: Array<number>(512).fill(2) };
  const expected = Array<number>(512).fill(1 / 512);
  const shipped = await secretly(unmasked(softmaxes.softmaxWithoutArgmax), [flat]);
  expect(worst(shipped, expected)).toBeGreaterThan(1000);
  const corrected = await secretly(unmasked(softmaxes.softmaxCorrected), [flat]);
  expect(worst(corrected, expected)).toBeLessThan(5 * unit);
});

test('padding gets no weight in any form that works', async () => {
  const x = { shape: [2, 6], values: [3, 1, 0, 8, 8, -2, -7, -9, -8, 4, 1, 2] };
  const keep = { shape: [2, 6], values: [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0].map((v) => v * unit) };
  for (const form of [
    softmaxes.softmaxAsShipped,
    softmaxes.softmaxWithoutArgmax,
    softmaxes.softmaxCorrected,
    softmaxes.quadCorrected,
    softmaxes.reluCorrected,
  ]) {
    const y = await secretly((mpc, a, k) => form(mpc, a, k), [x, keep]);
    y.forEach((value, index) => {
      if (keep.values[index] === 0) expect(Math.abs(value)).toBeLessThanOrEqual(2 * unit);
    });
    const first = y.slice(0, 6).reduce((sum, v) => sum + v, 0);
    expect(Math.abs(first - 1)).toBeLessThan(0.01);
  }
});

test('what is wrong says so, and nothing else does', () => {
  const marked = (all: readonly { readonly id: string; readonly defect?: unknown }[]) =>
    all.filter(({ defect }) => defect !== undefined).map(({ id }) => id);
  expect(marked(geluDescriptions)).toEqual(['quad-shipped', 'crypten-erf']);
  expect(marked(softmaxDescriptions)).toEqual([
    'crypten',
    'crypten-no-argmax',
    '2quad-shipped',
    '2relu-shipped',
  ]);
});

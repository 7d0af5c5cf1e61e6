/** The errors that ship with the code are those of the code, and what is stated beside them is complete. */
import { describe, expect, test } from 'vitest';
import {
  approximationCosts,
  approximations,
  readErrors,
} from '../../server/costs/approximations.ts';
import { measureError } from '../../server/engine/approximations/measure-error.ts';
import {
  geluDescriptions,
  softmaxDescriptions,
} from '../../server/engine/approximations/registry.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';

const kernels = loadKernels();
const shipped = await readErrors();

test('everything that a spec can name is in the catalogue, once', () => {
  const keys = approximations.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const named = [
    ...geluDescriptions.map(({ id }) => `gelu/${id}`),
    ...softmaxDescriptions.map(({ id }) => `softmax/${id}`),
  ];
  expect(keys).toEqual(expect.arrayContaining(named));
  expect(Object.keys(shipped).toSorted()).toEqual(keys.toSorted());
});

test('every domain is an interval and says why it ends and who says so', () => {
  for (const { key, domain, domainReason, domainSource } of approximations) {
    expect(domain[0], key).toBeLessThan(domain[1]);
    expect(domainReason, key).toMatch(/^[A-Z].*\.$/);
    expect(domainSource, key).toMatch(/Parley|PUMA|CrypTen|SPU|MPCFormer|SHAFT/);
  }
});

describe('errors that ship', () => {
  test.each(approximations)('of $key are those of the code', async (approximation) => {
    const { max, mean, curve } = await measureError(kernels, approximation);
    const stated = shipped[approximation.key];
    expect(stated).toBeDefined();
    const digits = (value: number): number => Number(value.toPrecision(6));
    expect(stated).toEqual({
      max: digits(max),
      mean: digits(mean),
      curve: { x: curve.x, error: curve.error.map(digits) },
    });
  });

  test('a stand-in for any model and without a defect is within 0.15 of the function', () => {
    for (const { key, needsTraining, defect } of approximations) {
      if (needsTraining || defect !== undefined) continue;
      expect(shipped[key]?.max, key).toBeLessThan(0.15);
    }
  });

  test('one that needs training is far from the function', () => {
    const near = approximations
      .filter(({ key, needsTraining }) => needsTraining && !((shipped[key]?.max ?? 0) > 0.15))
      .map(({ key }) => key);
    expect(near).toEqual([]);
  });
});

test('each has a price on every secure variant; Quad on CrypTen is one square', async () => {
  for (const approximation of approximations) {
    const costs = await approximationCosts(approximation);
    expect(costs.map(({ variant }) => variant)).toEqual(variantDescriptions.map(({ id }) => id));
    if (approximation.key !== 'gelu/quad') continue;
    const crypten = costs.find(({ variant }) => variant === 'additive/crypten');
    // Two parties open one word of 8 bytes each.
    expect(crypten).toMatchObject({ rounds: 1, bytesPerElement: 16 });
  }
});

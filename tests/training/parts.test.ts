import { describe, expect, test } from 'vitest';
import { batchSource } from '../../server/training/data.ts';
import { AdamW } from '../../server/training/optimiser.ts';
import {
  dropoutMask,
  randomStream,
  shuffledOrder,
  truncatedNormal,
} from '../../server/training/random.ts';
import { parseRecipe, recipeHash } from '../../server/training/recipe.ts';
import { rateAt } from '../../server/training/schedule.ts';
import { tinyRecipe } from './tiny-task.ts';

const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, clipNorm: 1 };

describe('AdamW', () => {
  test('two steps by hand, decay on matrices only', () => {
    const matrix = { name: 'w', shape: [1, 1], data: Float32Array.of(1), rateFactor: 1 };
    const bias = { name: 'b', shape: [1], data: Float32Array.of(1), rateFactor: 2 };
    const adam = new AdamW([matrix, bias], options);
    adam.step(() => Float32Array.of(0.5), 0.5, 0.01);
    // The first step is rate x sign, however large the gradient.
    expect(matrix.data[0]).toBeCloseTo(1 * (1 - 0.001) - 0.01, 6);
    expect(bias.data[0]).toBeCloseTo(1 - 0.02, 6);
    adam.step(() => Float32Array.of(-0.25), 0.25, 0.01);
    const m = (0.9 * 0.05 - 0.1 * 0.25) / (1 - 0.81);
    const v = (0.999 * 0.00025 + 0.001 * 0.0625) / (1 - 0.999 ** 2);
    expect(bias.data[0]).toBeCloseTo(0.98 - (0.02 * m) / Math.sqrt(v), 6);
  });

  test('clips by the common norm', () => {
    const run = (gradient: number, norm: number): Float32Array => {
      const data = Float32Array.of(1);
      // A large epsilon makes the step feel the gradient's size.
      const adam = new AdamW([{ name: 'w', shape: [1], data, rateFactor: 1 }], {
        ...options,
        epsilon: 1,
      });
      adam.step(() => Float32Array.of(gradient), norm, 0.1);
      return data;
    };
    expect(AdamW.norm([Float32Array.of(3), Float32Array.of(0, 4)])).toBe(5);
    expect(run(30, 100)[0]).toBeCloseTo(run(0.3, 1)[0]!, 6);
    expect(run(0.3, 1)[0]).not.toBeCloseTo(run(0.6, 1)[0]!, 3);
  });
});

test('schedules rise over the warm-up and end where they should', () => {
  const base = { learningRate: 2, warmUp: 0.1, floor: 0.25 };
  const linear = { ...base, schedule: 'linear' } as const;
  const cosine = { ...base, schedule: 'cosine' } as const;
  const constant = { ...base, schedule: 'constant' } as const;
  expect(rateAt(linear, 0, 100)).toBeCloseTo(0.2, 12);
  expect(rateAt(linear, 9, 100)).toBeCloseTo(2, 12);
  expect(rateAt(linear, 55, 100)).toBeCloseTo(2 * (0.25 + 0.75 / 2), 12);
  expect(rateAt(cosine, 55, 100)).toBeCloseTo(2 * (0.25 + 0.75 / 2), 12);
  expect(rateAt(cosine, 99, 100)).toBeLessThan(0.51);
  expect(rateAt(constant, 99, 100)).toBe(2);
  expect(rateAt({ ...linear, warmUp: 1 }, 99, 100)).toBe(2);
});

describe('random numbers', () => {
  test('depend on the place, not on the order', () => {
    const draw = (place: number): number[] => {
      const random = randomStream(1, 'x', place);
      return [random(), random(), random()];
    };
    const later = draw(2);
    draw(1);
    expect(draw(2)).toEqual(later);
    expect(draw(1)).not.toEqual(later);
  });

  test('look uniform and normal, and drop what they should', () => {
    const random = randomStream('moments');
    const uniform = Array.from({ length: 20_000 }, random);
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(mean(uniform.map((value) => value ** 2))).toBeCloseTo(1 / 3, 2);
    const normal = truncatedNormal(20_000, 1, random);
    // Cut at two deviations, the variance is 0.774.
    expect(mean(normal.map((value) => value ** 2))).toBeCloseTo(0.774, 1);
    expect(Math.max(...normal)).toBeLessThanOrEqual(2);
    const mask = dropoutMask(20_000, 0.2, random);
    expect(mean(mask)).toBeCloseTo(1, 1);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1.25)]));
  });

  test('an epoch shows every row once, another one in another order', () => {
    expect(new Set(shuffledOrder(9, randomStream(3)))).toEqual(
      new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]),
    );
    const batchAt = batchSource(10, 3, 5, 'stage');
    const epoch = (first: number) => [0, 1, 2].flatMap((step) => [...batchAt(first + step)]);
    const rows = epoch(0);
    expect(new Set(rows).size).toBe(9);
    expect(epoch(3)).not.toEqual(rows);
    expect(epoch(0)).toEqual(rows);
  });
});

describe('recipes', () => {
  test('the hash depends on values, not on order or on defaults left out', () => {
    const recipe = tinyRecipe();
    const { seed, ...rest } = recipe;
    expect(recipeHash(parseRecipe({ seed, ...rest }, 'x'))).toBe(recipeHash(recipe));
    expect(recipeHash(tinyRecipe({ seed: 8 }))).not.toBe(recipeHash(recipe));
  });

  test('wrong fields are named', () => {
    expect(() => tinyRecipe({ batch: 0 })).toThrow(/batch/);
    expect(() => tinyRecipe({ colour: 'red' })).toThrow(/colour/);
    const stages = [{ name: 'none', loss: {}, epochs: 1, learningRate: 1e-3 }];
    expect(() => tinyRecipe({ stages })).toThrow(/hidden, scores, logits, labels/);
  });
});

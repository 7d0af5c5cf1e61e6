import { describe, expect, test } from 'vitest';
import { compareOutputs, predict, scoreSamples } from '../../server/runs/accuracy.ts';
import { median, medianRank, wilson } from '../../server/runs/statistics.ts';

describe('Wilson interval', () => {
  // Newcombe 1998 (Statistics in Medicine 17), method 3, Table I.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (k, n, low, high) => {
    const interval = wilson(k, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('stays inside 0..1 and refuses nonsense', () => {
    expect(wilson(20, 20)).toMatchObject({ high: 1 });
    for (const [k, n] of [
      [1, 0],
      [3, 2],
      [-1, 4],
      [0.5, 4],
    ] as const) {
      expect(() => wilson(k, n)).toThrow(RangeError);
    }
  });
});

describe('median', () => {
  // Ranks of the distribution-free 95 % interval: Conover, Practical Nonparametric Statistics.
  test.each([
    [5, 0],
    [6, 1],
    [8, 1],
    [9, 2],
    [10, 2],
    [20, 6],
    [50, 18],
    [100, 40],
  ])('rank for n = %i', (n, rank) => {
    expect(medianRank(n)).toBe(rank);
  });

  test('has no interval below six values', () => {
    expect(median([3, 1, 2])).toEqual({ median: 2, n: 3, low: null, high: null, min: 1, max: 3 });
    expect(median([4, 1, 2, 3])).toMatchObject({ median: 2.5 });
  });

  test('takes the order statistics from six values on', () => {
    expect(median([5, 3, 1, 2, 6, 4])).toEqual({
      median: 3.5,
      n: 6,
      low: 1,
      high: 6,
      min: 1,
      max: 6,
    });
    expect(() => median([])).toThrow(RangeError);
  });

  test('has a 95th percentile from twenty values on, by nearest rank', () => {
    const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => n - index);
    expect(median(upTo(19))).not.toHaveProperty('p95');
    expect(median(upTo(20)).p95).toBe(19);
    expect(median(upTo(21)).p95).toBe(20);
    expect(median(upTo(100)).p95).toBe(95);
  });
});

describe('accuracy', () => {
  const sample = (label: number, plaintext: number[], clear: number[], secure: number[]) => ({
    label,
    plaintextLogits: plaintext,
    clearLogits: clear,
    secureLogits: secure,
  });

  test('counts correct labels, disagreements and the largest logit errors', () => {
    const score = scoreSamples([
      sample(0, [2, 1], [2, 1], [2, 1]),
      sample(1, [0, 1], [0, 1.5], [1, 0.25]),
    ]);
    expect(score.accuracy.plaintext.correct).toBe(2);
    expect(score.accuracy.secure.correct).toBe(1);
    expect(score.disagreement).toEqual({ withPlaintext: 1, withClear: 1 });
    expect(score.maxLogitError).toEqual({ protocol: 1.25, approximation: 0.5 });
    expect(score.meanLogitError).toBe((1 + 1.25) / 4);
  });

  test('a NaN logit is the largest error there is, and never a prediction', () => {
    const score = scoreSamples([sample(0, [1, 0], [1, 0], [Number.NaN, 0])]);
    expect(score.maxLogitError.protocol).toBe(Infinity);
    expect(predict([Number.NaN, 0])).toBe(1);
  });
});

describe('outputs of random weights', () => {
  test('are compared with the clear twin, and never judged', () => {
    const samples = [
      { clearLogits: [1, 2], secureLogits: [1.5, 2] },
      { clearLogits: [0, 0], secureLogits: [0, -0.25] },
    ];
    expect(compareOutputs(samples)).toEqual({
      accuracy: null,
      disagreement: null,
      maxLogitError: { protocol: 0.5, approximation: null },
      meanLogitError: 0.1875,
    });
  });

  test('a missing clear output is the largest error there is', () => {
    const score = compareOutputs([{ clearLogits: [], secureLogits: [1] }]);
    expect(score.maxLogitError.protocol).toBe(Infinity);
    expect(score.meanLogitError).toBe(Infinity);
  });
});

/**
 * The two statistics of a run: a proportion with its Wilson interval, and a median with the
 * distribution-free interval of order statistics. Both carry their n; nothing is assumed normal.
 */
import type { Median, Proportion } from '../api/schemas/run-view.ts';

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * k of n with its 95 % Wilson score interval (Wilson 1927).
 * @throws RangeError unless 0 <= k <= n and n >= 1
 */
export function wilson(correct: number, n: number): Proportion {
  if (!Number.isInteger(correct) || !Number.isInteger(n) || n < 1 || correct < 0 || correct > n) {
    throw new RangeError(`proportion ${correct} of ${n}: needs 0 <= k <= n, n >= 1`);
  }
  const p = correct / n;
  const scale = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return {
    correct,
    n,
    low: correct === 0 ? 0 : Math.max(0, centre - half),
    high: correct === n ? 1 : Math.min(1, centre + half),
  };
}

/**
 * Rank j (from 1) such that the j-th smallest and the j-th largest of n values enclose the median
 * with at least 95 %: the largest j with P(Binomial(n, 1/2) < j) <= 2.5 %. 0 where none exists (n < 6).
 */
export function medianRank(n: number): number {
  let cumulative = 0;
  let term = 0.5 ** n;
  let rank = 0;
  for (let k = 0; k < n; k += 1) {
    cumulative += term;
    if (cumulative > 0.025) break;
    rank = k + 1;
    term *= (n - k) / (k + 1);
  }
  return rank;
}

/** Values from which on the 95th percentile is not the greatest of them. */
const leastForP95 = 20;

/**
 * Median of the values with its distribution-free 95 % interval (null where n < 6).
 * @throws RangeError on an empty list
 */
export function median(values: readonly number[]): Median {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new RangeError('median of an empty list');
    return value;
  };
  const middle = (at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2))) / 2;
  const rank = n > 1000 ? Math.floor(n / 2 - (z * Math.sqrt(n)) / 2) : medianRank(n);
  return {
    median: middle,
    n,
    low: rank === 0 ? null : at(rank - 1),
    high: rank === 0 ? null : at(n - rank),
    min: at(0),
    max: at(n - 1),
    ...(n < leastForP95 ? {} : { p95: at(Math.ceil(0.95 * n) - 1) }),
  };
}

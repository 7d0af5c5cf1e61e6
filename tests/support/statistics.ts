/**
 * Statistics for tests with fixed seeds. All of them return a z value: how many standard deviations
 * a result lies from what was stated, so that one limit serves every test. `limitZ` leaves a test of
 * a right program less than 1e-9 of failing for a seed not yet tried.
 */

import { chiSquareAsZ } from '../../benchmarks/security/independence.ts';

export { independenceZ } from '../../benchmarks/security/independence.ts';

export const limitZ = 6.2;

/**
 * Pearson's chi-square of counts against expected ones, as a z value (Wilson, Hilferty 1931). Bins
 * should expect at least five. Throws `RangeError` where nothing can be tested.
 */
export function chiSquareZ(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let statistic = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const mean = expected[bin] ?? 0;
    if (!(mean > 0)) throw new RangeError(`chi-square: bin ${bin} expects ${mean}`);
    statistic += ((counts[bin] ?? 0) - mean) ** 2 / mean;
  }
  return chiSquareAsZ(statistic, counts.length - 1);
}

export function uniformZ(counts: ArrayLike<number>): number {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin] ?? 0;
  return chiSquareZ(counts, Array<number>(counts.length).fill(total / counts.length));
}

/** How far `hits` lies above or below what trials of these chances give (Poisson-binomial). */
export function trialsZ(hits: number, mean: number, variance: number): number {
  if (variance === 0) return hits === mean ? 0 : Infinity;
  return (hits - mean) / Math.sqrt(variance);
}

/** Smallest count that `trials` of this chance exceed with a chance below 1e-9; by Bernstein's bound. */
export function largestCount(trials: number, chance: number): number {
  if (chance === 0) return 0;
  const mean = trials * chance;
  const exponent = Math.log(1e9);
  const variance = mean * (1 - chance);
  return mean + exponent / 3 + Math.sqrt((exponent / 3) ** 2 + 2 * exponent * variance);
}

/**
 * How much repeats of one run differ, as a word. The rule: width of the 95 % interval of the median
 * (of the whole range where n < 6) over the median; up to 5 % is quiet, up to 20 % normal. Browser-safe.
 */
import type { Median } from './run-view.ts';

export type NoiseClass = 'quiet' | 'normal' | 'noisy';

export const noiseRule =
  'width of the interval (of the range where n < 6) over the median: quiet up to 5 %, normal up to 20 %, else noisy';

/** Null where there is nothing to compare: one value, or a median of zero. */
export function noiseOf({ median, n, low, high, min, max }: Median): NoiseClass | null {
  if (n < 2 || median <= 0) return null;
  const share = ((high ?? max) - (low ?? min)) / median;
  return share <= 0.05 ? 'quiet' : share <= 0.2 ? 'normal' : 'noisy';
}

/**
 * What the logits of one set of samples say: accuracy of each of the three computations, how often
 * they disagree, and how far their logits lie apart. Plaintext = float64 with exact functions; clear =
 * the run's fixed point and approximations in the open; secure = revealed by the parties.
 */
import type { Headline, Proportion } from '../api/schemas/run-view.ts';
import { wilson } from './statistics.ts';

export interface ScoredSample {
  readonly label: number;
  readonly plaintextLogits: readonly number[];
  readonly clearLogits: readonly number[];
  readonly secureLogits: readonly number[];
}

/** Index of the largest logit; the first of equals. A NaN never wins. */
export function predict(logits: readonly number[]): number {
  let best = 0;
  logits.forEach((value, index) => {
    if (value > (logits[best] ?? -Infinity) || Number.isNaN(logits[best])) best = index;
  });
  return best;
}

const largestDifference = (
  samples: readonly ScoredSample[],
  a: (sample: ScoredSample) => readonly number[],
  b: (sample: ScoredSample) => readonly number[],
): number =>
  samples.reduce((largest, sample) => {
    const other = b(sample);
    return a(sample).reduce((most, value, i) => {
      const distance = Math.abs(value - (other[i] ?? Number.NaN));
      // A NaN must not hide behind Math.max: it is the largest error there is.
      return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(most, distance);
    }, largest);
  }, 0);

/**
 * Accuracy, disagreement and logit errors of at least one sample.
 * @throws RangeError on an empty list
 */
export function scoreSamples(
  samples: readonly ScoredSample[],
): Pick<Headline, 'accuracy' | 'disagreement' | 'maxLogitError'> {
  const accuracyOf = (logits: (sample: ScoredSample) => readonly number[]): Proportion =>
    wilson(samples.filter((s) => predict(logits(s)) === s.label).length, samples.length);
  const differing = (logits: (sample: ScoredSample) => readonly number[]): number =>
    samples.filter((s) => predict(s.secureLogits) !== predict(logits(s))).length;
  const plaintext = (s: ScoredSample) => s.plaintextLogits;
  const clear = (s: ScoredSample) => s.clearLogits;
  const secure = (s: ScoredSample) => s.secureLogits;
  return {
    accuracy: {
      plaintext: accuracyOf(plaintext),
      clear: accuracyOf(clear),
      secure: accuracyOf(secure),
    },
    disagreement: { withPlaintext: differing(plaintext), withClear: differing(clear) },
    maxLogitError: {
      protocol: largestDifference(samples, secure, clear),
      approximation: largestDifference(samples, clear, plaintext),
    },
  };
}

/**
 * What the logits of one set of samples say: accuracy of each of the four computations, how often
 * they disagree, and how far their logits lie apart. Plaintext = float64 with exact functions;
 * approximated = float64 with the run's functions; clear = those in the run's fixed point, in the open;
 * secure = revealed by the parties.
 *
 * Of a model with random weights only the last is a question, between clear and secure: it shows that
 * the protocol computed what it should, and says nothing about a task.
 */
import type { Accuracy, Headline, Proportion } from '../api/schemas/run-view.ts';
import { wilson } from './statistics.ts';

/** The outputs of one input. */
export interface ComparedSample {
  readonly clearLogits: readonly number[];
  readonly secureLogits: readonly number[];
}

export interface ScoredSample extends ComparedSample {
  readonly label: number;
  readonly plaintextLogits: readonly number[];
  /** Float64 with the run's approximations; absent where they were not computed. */
  readonly approximatedLogits?: readonly number[];
}

export type Score = Pick<
  Headline,
  'accuracy' | 'disagreement' | 'maxLogitError' | 'meanLogitError'
>;

/** The score of a model that has something to be right about. */
export interface LabelledScore extends Score {
  readonly accuracy: Accuracy;
  readonly disagreement: NonNullable<Headline['disagreement']>;
}

/** Index of the largest logit; the first of equals. A NaN never wins. */
export function predict(logits: readonly number[]): number {
  let best = 0;
  logits.forEach((value, index) => {
    if (value > (logits[best] ?? -Infinity) || Number.isNaN(logits[best])) best = index;
  });
  return best;
}

/** Largest and mean |a - b|. A NaN must not hide behind Math.max: it is the largest error there is. */
function differences<T>(
  samples: readonly T[],
  a: (sample: T) => readonly number[],
  b: (sample: T) => readonly number[],
): { readonly largest: number; readonly mean: number } {
  let largest = 0;
  let total = 0;
  let count = 0;
  for (const sample of samples) {
    const other = b(sample);
    for (const [index, value] of a(sample).entries()) {
      const distance = Math.abs(value - (other[index] ?? Number.NaN));
      const error = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
      largest = Math.max(largest, error);
      total += error;
      count += 1;
    }
  }
  return { largest, mean: count === 0 ? 0 : total / count };
}

const clear = (sample: ComparedSample): readonly number[] => sample.clearLogits;
const secure = (sample: ComparedSample): readonly number[] => sample.secureLogits;
const plaintext = (sample: ScoredSample): readonly number[] => sample.plaintextLogits;

/**
 * Accuracy, disagreement and logit errors of at least one sample.
 * @throws RangeError on an empty list
 */
export function scoreSamples(samples: readonly ScoredSample[]): LabelledScore {
  const accuracyOf = (logits: (sample: ScoredSample) => readonly number[]): Proportion =>
    wilson(samples.filter((s) => predict(logits(s)) === s.label).length, samples.length);
  const differing = (logits: (sample: ScoredSample) => readonly number[]): number =>
    samples.filter((s) => predict(s.secureLogits) !== predict(logits(s))).length;
  const protocol = differences(samples, secure, clear);
  return {
    accuracy: {
      plaintext: accuracyOf(plaintext),
      ...(samples.every(({ approximatedLogits }) => approximatedLogits !== undefined)
        ? { approximated: accuracyOf((sample) => sample.approximatedLogits ?? []) }
        : {}),
      clear: accuracyOf(clear),
      secure: accuracyOf(secure),
    },
    disagreement: { withPlaintext: differing(plaintext), withClear: differing(clear) },
    maxLogitError: {
      protocol: protocol.largest,
      approximation: differences(samples, clear, plaintext).largest,
    },
    meanLogitError: protocol.mean,
  };
}

/** Of uniform weights, with which nothing else was computed. */
export const nothingCompared: Score = {
  accuracy: null,
  disagreement: null,
  maxLogitError: { protocol: null, approximation: null },
  meanLogitError: null,
};

/** Of random weights: how far the protocol's outputs lie from its clear twin's, and nothing else. */
export function compareOutputs(samples: readonly ComparedSample[]): Score {
  const protocol = differences(samples, secure, clear);
  return {
    accuracy: null,
    disagreement: null,
    maxLogitError: { protocol: protocol.largest, approximation: null },
    meanLogitError: protocol.mean,
  };
}

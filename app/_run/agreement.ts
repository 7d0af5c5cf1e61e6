/**
 * What the reviews of a run say beyond its accuracy: which labels are taken for which, and whether two
 * computations that answered the same reviews differ by more than chance. Pure.
 */
import type { SampleRow } from '../../server/api/schemas/run-view.ts';
import { indexOfLargest } from '../_lib/statistics.ts';

export const computations = ['plaintext', 'approximated', 'clear', 'secure'] as const;
export type Computation = (typeof computations)[number];

/** Empty of a computation that this run did not make. */
export function logitsOf(row: SampleRow, of: Computation): readonly number[] {
  if (of === 'approximated') return row.approximatedLogits ?? [];
  if (of === 'plaintext') return row.plaintextLogits;
  return of === 'clear' ? row.clearLogits : row.secureLogits;
}

/** Those that were made of all samples: earlier runs have no float64 with approximations. */
export const computationsOf = (samples: readonly SampleRow[]): readonly Computation[] =>
  computations.filter((of) => samples.every((row) => logitsOf(row, of).length > 0));

export const labelBy = (row: SampleRow, of: Computation): number =>
  indexOfLargest(logitsOf(row, of));

/** `counts[truth][answer]`, as many labels as logits. */
export function confusionOf(
  samples: readonly SampleRow[],
  of: Computation,
): readonly (readonly number[])[] {
  const size = Math.max(
    0,
    ...samples.map((row) => Math.max(row.label + 1, logitsOf(row, of).length)),
  );
  const counts = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  for (const row of samples) {
    const line = counts[row.label];
    const answer = labelBy(row, of);
    if (line !== undefined) line[answer] = (line[answer] ?? 0) + 1;
  }
  return counts;
}

export interface Paired {
  readonly a: Computation;
  readonly b: Computation;
  readonly n: number;
  /** Labels that differ, right or wrong. */
  readonly differ: number;
  /** Right in the one and wrong in the other. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** Two-sided exact McNemar test: how likely a split at least so uneven is by chance alone. */
  readonly p: number;
}

export function pairedOf(samples: readonly SampleRow[], a: Computation, b: Computation): Paired {
  let [differ, onlyA, onlyB] = [0, 0, 0];
  for (const row of samples) {
    const [one, other] = [labelBy(row, a), labelBy(row, b)];
    if (one !== other) differ += 1;
    if (one === row.label && other !== row.label) onlyA += 1;
    if (one !== row.label && other === row.label) onlyB += 1;
  }
  return { a, b, n: samples.length, differ, onlyA, onlyB, p: exactMcNemar(onlyA, onlyB) };
}

/** Binomial with chance 1/2, both tails; 1 where nothing is discordant. */
export function exactMcNemar(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  if (n === 0) return 1;
  // Logarithms, since 2^n leaves the doubles from 1024 reviews on.
  let logChoose = 0;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyA, onlyB); k += 1) {
    if (k > 0) logChoose += Math.log((n - k + 1) / k);
    tail += Math.exp(logChoose - n * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}

/** |secure - clear| of every logit of every review. */
export const protocolErrors = (samples: readonly SampleRow[]): readonly number[] =>
  samples.flatMap(({ secureLogits, clearLogits }) =>
    secureLogits.flatMap((value, index) => {
      const other = clearLogits[index];
      return other === undefined ? [] : [Math.abs(value - other)];
    }),
  );

export interface ErrorBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Three bins a decade, from the smallest error that is not zero; exact zeros are the first bin. */
export function errorBins(errors: readonly number[]): readonly ErrorBin[] {
  const positive = errors.filter((value) => value > 0 && Number.isFinite(value));
  const zeros = errors.filter((value) => value === 0).length;
  const bins: ErrorBin[] = zeros > 0 ? [{ low: 0, high: 0, count: zeros }] : [];
  if (positive.length === 0) return bins;
  const perDecade = 3;
  const indexOf = (value: number): number => Math.floor(Math.log10(value) * perDecade);
  const counts = new Map<number, number>();
  for (const value of positive) {
    counts.set(indexOf(value), (counts.get(indexOf(value)) ?? 0) + 1);
  }
  const first = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  for (let index = first; index <= last; index += 1) {
    const edge = (at: number): number => 10 ** (at / perDecade);
    bins.push({ low: edge(index), high: edge(index + 1), count: counts.get(index) ?? 0 });
  }
  return bins;
}

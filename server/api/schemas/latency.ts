/**
 * What is expected of a run's latency before it runs, and how good such expectations were. Browser-safe.
 * Class `predicted`; it is made of shapes, rates and earlier runs, never of the run that it judges.
 */
import { z } from 'zod';
import type { Proportion } from './run-view.ts';

/** One batch: from the first party's start to the last party's end, as `Headline.onlineMs`. */
export const latencyPredictionSchema = z.strictObject({
  onlineMs: z.number().nonnegative().describe('Online time of one batch, ms: the middle guess.'),
  offlineMs: z
    .number()
    .nonnegative()
    .describe('Offline time of one batch, ms; 0 where nobody deals.'),
  low80: z.number().nonnegative().describe('Online, ms: lower end of the 80 % interval.'),
  high80: z.number().nonnegative().describe('Online, ms: upper end of the 80 % interval.'),
  basis: z
    .union([z.literal('formula'), z.number().int().min(1)])
    .describe('From shapes and rates alone, or corrected by so many earlier runs of the variant.'),
});
export type LatencyPrediction = z.infer<typeof latencyPredictionSchema>;

/** As it is stored with a run when it is queued. */
export interface StoredLatency extends LatencyPrediction {
  /** What shapes and rates said before the correction, ms. */
  readonly formulaLocalMs: number;
  readonly formulaLinkMs: number;
  readonly formulaOfflineMs: number;
  /** By how much the interval was widened because earlier ones had been too narrow; below 1 narrowed. */
  readonly widening: number;
  /** Which rates; null for the built-in ones. */
  readonly calibration: string | null;
}

/** A run that was judged: what was said when it was queued, and what came. */
export interface JudgedRun {
  readonly id: string;
  readonly variant: string;
  readonly model: string;
  readonly network: string;
  readonly createdAt: string;
  readonly expected: LatencyPrediction;
  /** Median of its batches, ms. */
  readonly measuredMs: number;
  readonly inside: boolean;
}

export interface CalibrationGroup {
  /** Null for all variants together. */
  readonly variant: string | null;
  /** Runs inside of their 80 % interval, of how many. Null while there are none. */
  readonly inside: Proportion | null;
  /** Median of measured over predicted; null while there are none. */
  readonly ratio: number | null;
}

/** Stored runs of one origin and one kind of machine, each foretold from the ones before it. */
export interface InOrderGroup {
  readonly shipped: boolean;
  readonly machine: string;
  readonly inside: Proportion;
  /** Of them, foretold with the help of an earlier run of the variant; the others by the formula alone. */
  readonly taught: number;
  /** Median of measured over predicted. */
  readonly ratio: number;
}

/** What would have been said of runs, not what was: never in one statistic with the judged runs. */
export interface InOrderScore {
  readonly groups: readonly InOrderGroup[];
  /** The newest of a group, so many at most. */
  readonly mostJudged: number;
}

export interface CalibrationRates {
  readonly machine: string;
  readonly commit: string;
  readonly takenAt: string;
  readonly tookMs: number;
}

export interface CalibrationView {
  readonly groups: readonly CalibrationGroup[];
  /** Newest first. */
  readonly runs: readonly JudgedRun[];
  /** Finished runs of this installation of which nothing had been said. */
  readonly unjudged: number;
  /** The rates in use; null while nothing was measured on this machine. */
  readonly rates: CalibrationRates | null;
}

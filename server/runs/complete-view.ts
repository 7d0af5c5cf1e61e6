/**
 * Views stored before there were dealers lack what a dealer adds. All of them are of protocols without
 * one, so what is missing is known, and filled in when they are read; a number that an earlier version
 * did not compute is null.
 */
import { correlationsOfSpec, type RunSpec } from '../api/schemas/run-spec.ts';
import type { Headline, OperationRow, Prediction, RunDetail } from '../api/schemas/run-view.ts';
import { warningsOf } from '../api/schemas/warnings.ts';

/** A view as an earlier version may have stored it. */
type Stored<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

type StoredHeadline = Stored<
  Headline,
  'totalMs' | 'dealerBytes' | 'links' | 'totalBytesSent' | 'correlations' | 'meanLogitError'
>;
type StoredPrediction = Stored<Prediction, 'dealerBytes' | 'links'>;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Online and total time are the same where nothing is done offline. */
export function completeHeadline(stored: StoredHeadline | null, spec: RunSpec): Headline | null {
  if (stored === null) return null;
  return {
    totalMs: stored.onlineMs,
    dealerBytes: 0,
    links: {},
    totalBytesSent: sum(stored.onlineBytesSent) + sum(stored.offlineBytesSent),
    correlations: correlationsOfSpec(spec),
    meanLogitError: null,
    ...stored,
  };
}

export const completePrediction = (stored: StoredPrediction | null): Prediction | null =>
  stored === null ? null : { dealerBytes: 0, links: {}, ...stored };

type StoredDetail = Stored<
  Omit<RunDetail, 'headline' | 'prediction' | 'operations'>,
  'warnings' | 'dealer'
> & {
  readonly headline: StoredHeadline | null;
  readonly prediction: StoredPrediction | null;
  readonly operations: readonly Stored<OperationRow, 'dealerBytes' | 'predictedDealerBytes'>[];
};

/** A frozen run, as a permalink keeps it. */
export function completeDetail(run: StoredDetail): RunDetail {
  return {
    warnings: warningsOf(run.spec),
    dealer: null,
    ...run,
    headline: completeHeadline(run.headline, run.spec),
    prediction: completePrediction(run.prediction),
    operations: run.operations.map((row) => ({
      dealerBytes: 0,
      predictedDealerBytes: null,
      ...row,
    })),
  };
}

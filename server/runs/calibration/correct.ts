/**
 * From what the formula says and what earlier runs took to an expectation with its interval. Pure.
 *
 * Ratios of measured to predicted scatter by factors, so all of it is in logarithms: the centre is a
 * weighted mean of ln(measured / formula), drawn towards 0 while there are few runs; the interval is
 * that of a normal distribution with the weighted spread; and it is widened or narrowed until 80 % of
 * the latest runs would have been inside of theirs (a conformal correction).
 */

export interface Observation {
  /** ln(measured / formula) of an earlier run. */
  readonly logRatio: number;
  /** 0 to 1: how much like the run in question it was. */
  readonly weight: number;
}

/** How an earlier expectation fared. */
export interface Outcome {
  /** |ln(measured / expected)| over half the interval's width in ln, before widening. */
  readonly miss: number;
}

export interface Corrected {
  /** Factor on the formula. */
  readonly factor: number;
  /** Factor from the middle to either end of the interval. */
  readonly span: number;
  readonly widening: number;
}

/** 90 % quantile of the standard normal distribution: 80 % lie between it and its negative. */
const z90 = 1.2815515655446004;
/** Spread of ln(measured / formula) over variants and models, before anything ran here. */
const priorDeviation = 0.3;
/** How many runs the prior counts for: in the centre, and in the spread. */
const priorCentre = 0.5;
const priorSpread = 1.5;
/** Of outcomes as they ought to be: four in five at most 1. */
const priorOutcomes = [0.2, 0.45, 0.7, 1, 1.5] as const;
const narrowest = 0.4;
const widest = 4;
/** No machine repeats itself better than this. */
const leastHalf = 0.02;

/** The factor by which intervals would have had to be wider for 80 % of the outcomes to be inside. */
export function wideningOf(outcomes: readonly Outcome[]): number {
  const misses = [...outcomes.map(({ miss }) => miss), ...priorOutcomes].sort((a, b) => a - b);
  const at = misses[Math.ceil(0.8 * misses.length) - 1] ?? 1;
  return Math.min(widest, Math.max(narrowest, at));
}

export function correct(
  observations: readonly Observation[],
  outcomes: readonly Outcome[],
): Corrected {
  const total = observations.reduce((sum, { weight }) => sum + weight, 0);
  const centre =
    observations.reduce((sum, { weight, logRatio }) => sum + weight * logRatio, 0) /
    (total + priorCentre);
  const squares = observations.reduce(
    (sum, { weight, logRatio }) => sum + weight * (logRatio - centre) ** 2,
    0,
  );
  const variance = (squares + priorSpread * priorDeviation ** 2) / (total + priorSpread);
  const half = z90 * Math.sqrt(variance * (1 + 1 / (total + 1)));
  const widening = wideningOf(outcomes);
  return {
    factor: Math.exp(centre),
    span: Math.exp(Math.max(leastHalf, half * widening)),
    widening,
  };
}

/** How an expectation fared; null for one whose interval has no width. */
export function outcomeOf(
  expected: { readonly onlineMs: number; readonly high80: number; readonly widening: number },
  measuredMs: number,
): Outcome | null {
  const half = Math.log(expected.high80 / expected.onlineMs) / expected.widening;
  if (!(half > 0) || !(measuredMs > 0)) return null;
  return { miss: Math.abs(Math.log(measuredMs / expected.onlineMs)) / half };
}

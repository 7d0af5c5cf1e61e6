/**
 * From what the formula says and what earlier runs took to an expectation with its interval. Pure.
 *
 * Only the machine's share of the time is corrected: what the asked link takes is known. Ratios of
 * measured to predicted scatter by factors, so it is done in logarithms: the centre is a weighted mean
 * of ln(measured / formula), drawn towards 0 while there are few runs; the interval is that of a normal
 * distribution with the weighted spread; and it is widened or narrowed until 80 % of the latest runs
 * would have been inside of theirs (a conformal correction).
 */
import type { LatencyPrediction } from '../../api/schemas/latency.ts';

export interface Observation {
  /** ln(measured / formula) of an earlier run. */
  readonly logRatio: number;
  /** 0 to 1: how much like the run in question it was. */
  readonly weight: number;
}

/** How an earlier expectation fared. */
export interface Outcome {
  /** Distance from the middle over that of the interval's end on the same side, before widening. */
  readonly miss: number;
}

export interface Corrected {
  /** Factor on the formula. */
  readonly factor: number;
  /** Factor from the middle to either end of the interval, before widening. */
  readonly span: number;
}

/** 90 % quantile of the standard normal distribution: 80 % lie between it and its negative. */
const z90 = 1.2815515655446004;
/** Spread of ln(measured / formula) over variants and models, before anything ran here. */
const priorDeviation = 0.45;
/** How many runs the prior counts for: in the centre, and in the spread. */
const priorCentre = 0.5;
const priorSpread = 1.5;
/** Of outcomes as they ought to be: four in five at most 1. */
const priorOutcomes = [0.2, 0.45, 0.7, 1, 1.5] as const;
const narrowest = 0.4;
const widest = 4;
/** What the link takes may be off by so much: bytes of headers, parties that do not wait for it all. */
const linkDeviation = 0.04;

/** The factor by which intervals would have had to be wider for 80 % of the outcomes to be inside. */
export function wideningOf(outcomes: readonly Outcome[]): number {
  const misses = [...outcomes.map(({ miss }) => miss), ...priorOutcomes].sort((a, b) => a - b);
  const at = misses[Math.ceil(0.8 * misses.length) - 1] ?? 1;
  return Math.min(widest, Math.max(narrowest, at));
}

export function correct(observations: readonly Observation[]): Corrected {
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
  return { factor: Math.exp(centre), span: Math.exp(half) };
}

/** The online time and its interval. */
export function intervalOf(
  formula: { readonly localMs: number; readonly linkMs: number },
  { factor, span }: Corrected,
  widening: number,
): Pick<LatencyPrediction, 'onlineMs' | 'low80' | 'high80'> {
  const localMs = formula.localMs * factor;
  const onlineMs = localMs + formula.linkMs;
  const linkHalf = formula.linkMs * linkDeviation * z90 * widening;
  const factorToEnd = span ** widening;
  const up = Math.hypot(localMs * (factorToEnd - 1), linkHalf);
  const down = Math.hypot(localMs * (1 - 1 / factorToEnd), linkHalf);
  return { onlineMs, low80: Math.max(0, onlineMs - down), high80: onlineMs + up };
}

/** How an expectation fared; null for one whose interval has no width. */
export function outcomeOf(
  expected: Pick<LatencyPrediction, 'onlineMs' | 'low80' | 'high80'> & {
    readonly widening: number;
  },
  measuredMs: number,
): Outcome | null {
  const { onlineMs, low80, high80, widening } = expected;
  const off = measuredMs - onlineMs;
  const room = off > 0 ? high80 - onlineMs : onlineMs - low80;
  return room > 0 ? { miss: (Math.abs(off) / room) * widening } : null;
}

/** Of what was measured, what the machine took; never less than a tenth of what the formula says. */
export const localShare = (
  measuredMs: number,
  { localMs, linkMs }: { readonly localMs: number; readonly linkMs: number },
): number => Math.max(measuredMs - linkMs, localMs / 10);

/**
 * From what the formula says and what earlier runs took to an expectation with its interval. Pure.
 *
 * Only the machine's share of the time is corrected: what the asked link takes is known. Ratios of
 * measured to predicted scatter by factors, so it is done in logarithms: the centre is a weighted mean
 * of ln(measured / formula), drawn towards 0 while there are few runs; the interval is conformal: each
 * run is foretold by the others, and the 80 % quantile of how far off that is makes its width. It is
 * widened or narrowed again by how the latest expectations fared, since a machine's load changes.
 */
import { intendedShare } from '../../api/schemas/latency-shares.ts';
import type { LatencyPrediction } from '../../api/schemas/latency.ts';

export interface Observation {
  /** ln(measured / formula) of an earlier run. */
  readonly logRatio: number;
  /** 0 to 1: how much like the run in question it was. */
  readonly weight: number;
  /** Runs of one spec share it; absent: a run of its own. */
  readonly group?: string;
  /** Whether it is of the very spec in question. */
  readonly same?: boolean;
}

/**
 * What an earlier run weighs: one of the very spec 1, another its likeness, and the less of it the more
 * often the spec itself has run: twice, and it says more than all others together.
 */
export const weightBeside = (likeness: number, sameRuns: number): number =>
  likeness === 1 ? 1 : likeness / (1 + sameRuns) ** 3;

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
const narrowest = 0.7;
const widest = 4;
/** What the link takes may be off by so much: bytes of headers, parties that do not wait for it all. */
const linkDeviation = 0.04;

/** The factor by which intervals would have had to be wider for 80 % of the outcomes to be inside. */
export function wideningOf(outcomes: readonly Outcome[]): number {
  const misses = [...outcomes.map(({ miss }) => miss), ...priorOutcomes].sort((a, b) => a - b);
  const at = misses[Math.ceil(0.8 * misses.length) - 1] ?? 1;
  return Math.min(widest, Math.max(narrowest, at));
}

/** Centre of the runs at hand, drawn towards 0 while they weigh little. */
function centreOf(observations: readonly Observation[]): number {
  let [total, sum] = [0, 0];
  for (const { weight, logRatio } of observations) {
    total += weight;
    sum += weight * logRatio;
  }
  return sum / (total + priorCentre);
}

interface Residual {
  readonly weight: number;
  readonly off: number;
}

interface Residual {
  readonly weight: number;
  readonly off: number;
}

/**
 * How far off the others would have been about each run, as if it were the one to come. A spec that has run
 * k times is foretold from those and from others, so each run is foretold from k of its own spec and from
 * others, and all count alike. Of one that has not, all runs of one spec are left out together: they say
 * nothing of how well one spec foretells the next.
 */
function residualsOf(observations: readonly Observation[]): Residual[] {
  const sameRuns = observations.filter(({ same }) => same === true).length;
  const unlike = observations.filter(({ same }) => same !== true);
  const usual = unlike.reduce((sum, { weight }) => sum + weight, 0) / Math.max(1, unlike.length);
  return observations.flatMap((own, index): Residual[] => {
    const { group, weight, logRatio } = own;
    const mates = observations.filter((other, at) => at !== index && other.group === group);
    if (sameRuns === 0) {
      const others = observations.filter((other, at) =>
        group === undefined ? at !== index : other.group !== group,
      );
      return [{ weight, off: Math.abs(logRatio - centreOf(others)) }];
    }
    if (mates.length === 0) return [];
    const others = observations
      .filter((other) => other.group !== group)
      .map((other) => (other.same === true ? { ...other, weight: usual } : other));
    const alike = mates.slice(0, sameRuns).map((mate) => ({ ...mate, weight: 1 }));
    return [{ weight: 1, off: Math.abs(logRatio - centreOf([...alike, ...others])) }];
  });
}

/**
 * Half of the interval, in logarithms: the residual that 80 % of the weight does not exceed, the run to
 * come counted as one that exceeds them all. Where there are too few for that, the spread assumed before
 * anything ran; and never less than a part of it, which shrinks with the runs.
 */
function halfOf(observations: readonly Observation[]): number {
  const residuals = residualsOf(observations).sort((a, b) => a.off - b.off);
  const weights = residuals.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const effective = squares > 0 ? total ** 2 / squares : 0;
  const before = z90 * priorDeviation;
  const least = (before * priorSpread) / (effective + priorSpread);
  const wanted = intendedShare * (total + Math.max(0, ...weights));
  let reached = 0;
  for (const { weight, off } of residuals) {
    reached += weight;
    if (reached >= wanted - 1e-9) return Math.max(off, least);
  }
  return Math.max(before, residuals.at(-1)?.off ?? 0);
}

export const correct = (observations: readonly Observation[]): Corrected => ({
  factor: Math.exp(centreOf(observations)),
  span: Math.exp(halfOf(observations)),
});

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

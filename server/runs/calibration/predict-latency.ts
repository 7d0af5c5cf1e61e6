/**
 * How long a run will take, before it runs: shapes and rates through the link's arithmetic, corrected by
 * what earlier runs of the variant took. Also what is stored with a run when it is queued, so that the
 * score (read-score.ts) is of what was said, not of what would be said now.
 */
import type { LatencyPrediction, StoredLatency } from '../../api/schemas/latency.ts';
import type { RunSpec } from '../../api/schemas/run-spec.ts';
import type { Database } from '../../db/client.ts';
import { walkOf } from '../price.ts';
import {
  correct,
  intervalOf,
  localShare,
  outcomeOf,
  weightBeside,
  wideningOf,
  type Observation,
} from './correct.ts';
import { formulaLatency, type FormulaLatency } from './formula.ts';
import { builtInRates } from './rates.ts';
import { readRates, type StoredRates } from './rates-store.ts';
import { earlierRuns, likeness, type EarlierRun } from './record.ts';

/** Of how many runs of any variant intervals are widened or narrowed by. */
const mostOutcomes = 40;
/** Weight that is left to a run for each that came after it. */
const fading = 0.93;

async function formulaOf(spec: RunSpec, rates: StoredRates | null): Promise<FormulaLatency> {
  const own = rates?.rates[spec.protocol.variant] ?? builtInRates;
  return formulaLatency((await walkOf(spec)).work, own, spec.network);
}

/** What the formula says of an earlier run with the rates of now; null where it says nothing. */
async function formulaNow(
  run: EarlierRun,
  rates: StoredRates | null,
): Promise<FormulaLatency | null> {
  const { expected } = run;
  if (expected !== null && expected.calibration === (rates?.id ?? null)) {
    return {
      localMs: expected.formulaLocalMs,
      linkMs: expected.formulaLinkMs,
      offlineMs: expected.formulaOfflineMs,
    };
  }
  // A spec of an older engine may not be one any more; such a run has nothing to say.
  return formulaOf(run.spec, rates).catch(() => null);
}

interface Observations {
  readonly online: readonly Observation[];
  readonly offline: readonly Observation[];
}

/** @param runs newest first */
async function observe(
  spec: RunSpec,
  runs: readonly EarlierRun[],
  rates: StoredRates | null,
): Promise<Observations> {
  const online: Observation[] = [];
  const offline: Observation[] = [];
  const like = runs.map((run) => likeness(spec, run.spec));
  const same = like.filter((weight) => weight === 1).length;
  for (const [age, run] of runs.entries()) {
    const formula = await formulaNow(run, rates);
    if (formula === null) continue;
    const own = like[age] ?? 0;
    const weight = fading ** age * weightBeside(own, same);
    const { localMs, linkMs } = formula;
    if (run.onlineMs > 0 && localMs > 0) {
      // Where the link takes nearly all, what is left over says little about the machine.
      const share = localMs / (localMs + linkMs);
      online.push({
        group: run.specHash,
        same: own === 1,
        weight: weight * share,
        logRatio: Math.log(localShare(run.onlineMs, formula) / localMs),
      });
    }
    if (run.offlineMs > 0 && formula.offlineMs > 0) {
      offline.push({
        group: run.specHash,
        same: own === 1,
        weight,
        logRatio: Math.log(run.offlineMs / formula.offlineMs),
      });
    }
  }
  return { online, offline };
}

/**
 * What these runs, all of which had ended, say of one to come.
 * @param runs newest first
 * @throws EngineError 'plan' for a spec that the engine does not know
 */
export async function expectFrom(
  spec: RunSpec,
  rates: StoredRates | null,
  runs: readonly EarlierRun[],
): Promise<StoredLatency> {
  const formula = await formulaOf(spec, rates);
  const outcomes = runs
    .flatMap(({ expected, onlineMs }) =>
      expected === null ? [] : (outcomeOf(expected, onlineMs) ?? []),
    )
    .slice(0, mostOutcomes);
  const widening = wideningOf(outcomes);
  const { online, offline } = await observe(spec, runs, rates);
  const own = runs.filter((run) => run.spec.protocol.variant === spec.protocol.variant);
  return {
    ...intervalOf(formula, correct(online), widening),
    offlineMs: formula.offlineMs * correct(offline).factor,
    basis: own.length === 0 ? 'formula' : own.length,
    formulaLocalMs: formula.localMs,
    formulaLinkMs: formula.linkMs,
    formulaOfflineMs: formula.offlineMs,
    widening,
    calibration: rates?.id ?? null,
  };
}

/**
 * What is said of a run when it is queued.
 * @param spec a checked spec
 * @throws EngineError 'plan' for one that the engine does not know
 */
export async function expectLatency(db: Database, spec: RunSpec): Promise<StoredLatency> {
  const [rates, runs] = await Promise.all([readRates(db), earlierRuns(db, spec.protocol.variant)]);
  return expectFrom(spec, rates, runs);
}

/**
 * The expected latency of one batch of a checked spec on this machine, with its 80 % interval.
 * @throws EngineError 'plan' for a spec that the engine does not know
 */
export async function predictLatency(db: Database, spec: RunSpec): Promise<LatencyPrediction> {
  const { onlineMs, offlineMs, low80, high80, basis } = await expectLatency(db, spec);
  return { onlineMs, offlineMs, low80, high80, basis };
}

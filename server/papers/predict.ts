/**
 * What the engine's schedules say of plans and specs, kept in memory: all papers together take a second
 * or two once in a process's life. Nothing is kept on disk, where it would outlive the engine it is of.
 */
import { totalmem } from 'node:os';
import { formatBytes } from '../api/schemas/format.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import { EngineError } from '../engine/errors.ts';
import type { Plan } from '../engine/plan.ts';
import { checkSpec } from '../runs/check-spec.ts';
import { memoryNeedOf } from '../runs/memory-need.ts';
import { fullBatchOf, planOfSpec } from '../runs/plan-of-spec.ts';
import { modelConfigOf } from '../runs/run-models.ts';
import { canonicalJson, hashSpec } from '../runs/spec-hash.ts';
import { countsOf } from './counts.ts';
import type { Counting } from './definition.ts';

/** Bytes or rounds of the plans together, in the printed unit. @throws EngineError 'plan' */
export async function predictCell(plans: readonly Plan[], counting: Counting): Promise<number> {
  const values = await Promise.all(plans.map((plan) => countOne(plan, counting)));
  return values.reduce((a, b) => a + b, 0);
}

async function countOne(plan: Plan, { what, of, unitBytes, place }: Counting): Promise<number> {
  const counts = await countsOf(plan, 1);
  if (what === 'rounds') return counts.programRounds;
  if (place !== undefined) return counts.bytesAt(place) / unitBytes;
  const { onlineBytes, dealerBytes, parties } = counts;
  // Roles of three parties rotate: one party's bytes are the mean.
  if (of === 'party') return onlineBytes / parties / unitBytes;
  return (of === 'all' ? onlineBytes : onlineBytes + dealerBytes) / unitBytes;
}

/** What a run of a spec sends with the engine of now. */
export interface SpecForecast {
  readonly rounds: number;
  readonly onlineBytes: number;
  readonly dealerBytes: number;
}

/** What is not here today may be tomorrow: a failed answer is forgotten, and counts as null. */
function orNull<T>(
  kept: Map<string, Promise<T | null>>,
  key: string,
  ask: () => Promise<T>,
): Promise<T | null> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const answer = ask().catch((error: unknown) => {
    kept.delete(key);
    if (error instanceof Error && /^(Zoo|Engine|Run)Error$/.test(error.name)) return null;
    throw error;
  });
  kept.set(key, answer);
  return answer;
}

const forecasts = new Map<string, Promise<SpecForecast | null>>();

/** Null where the model is not here: nothing is known of it. */
export const forecastOf = (spec: RunSpec): Promise<SpecForecast | null> =>
  orNull(forecasts, hashSpec(spec).hash, async () => {
    const plan = planOfSpec(spec, await modelConfigOf(spec.model));
    const { rounds, onlineBytes, dealerBytes } = await countsOf(plan, fullBatchOf(spec));
    return { rounds, onlineBytes, dealerBytes };
  });

/** The value, or as text why there is none: a recipe may ask for what the engine does not know. */
export async function predictedOrWhy(
  plans: readonly Plan[],
  counting: Counting,
): Promise<number | string> {
  try {
    return await predictCell(plans, counting);
  } catch (error) {
    if (error instanceof EngineError) return `The recipe cannot be predicted: ${error.message}`;
    throw error;
  }
}

const possible = new Set<string>();

/**
 * Why a spec cannot run: what is wrong in it, else that this machine is too small. Null where it can. What
 * is right stays right, what is wrong may be mended by a model that is added.
 */
export async function specObstacle(spec: RunSpec): Promise<string | null> {
  const key = canonicalJson(spec);
  if (!possible.has(key)) {
    const [issue] = (await checkSpec(spec, Infinity)).issues;
    if (issue !== undefined) return `The recipe cannot be run: ${issue.message}`;
    possible.add(key);
  }
  return memoryObstacle(spec);
}

const needs = new Map<string, Promise<number | null>>();

/**
 * Why a spec cannot run on this machine, null where it can. Weights and length decide; functions make
 * too little difference to ask for each, which would make the first page wait.
 */
async function memoryObstacle(spec: RunSpec): Promise<string | null> {
  const { model, protocol, sequenceLength } = spec;
  const { variant, weights = null } = protocol;
  const key = canonicalJson({ model, variant, weights, sequenceLength });
  const needed = await orNull(needs, key, async () => {
    const need = await memoryNeedOf(spec, await modelConfigOf(model));
    return need.totalBytes;
  });
  const there = totalmem();
  if (needed === null || needed <= there) return null;
  return `Needs ${formatBytes(needed)} of memory for all parties; this machine has ${formatBytes(there)}.`;
}

/**
 * Bytes and rounds of plans, kept in memory for the life of the process. Layers of one kind cost the same,
 * so a model is walked with few of them, and the others follow; tests hold that to the whole walk.
 */
import { predictCost } from '../engine/execute.ts';
import type { CostReport } from '../engine/cost/report.ts';
import type { Plan } from '../engine/plan.ts';
import { canonicalJson } from '../runs/spec-hash.ts';

/** Of one inference. */
export interface Counts {
  readonly parties: number;
  /** As run, and if every operation waited for the one before it. */
  readonly rounds: number;
  readonly programRounds: number;
  /** What all parties send online, what the dealer sends. */
  readonly onlineBytes: number;
  readonly dealerBytes: number;
  /** What the first party sends at places that hold the word. */
  readonly bytesAt: (place: string) => number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const countsOfReport = ({ rows, onlineBytesSent, ...report }: CostReport): Counts => ({
  parties: onlineBytesSent.length,
  rounds: report.rounds,
  programRounds: report.programRounds,
  onlineBytes: sum(onlineBytesSent),
  dealerBytes: report.dealerBytes,
  bytesAt: (place) =>
    sum(rows.filter(({ path }) => path.includes(place)).map(({ bytesSent }) => bytesSent[0] ?? 0)),
});

/**
 * After so many layers the same follows again: three parties take turns in unequal roles, and what
 * overlaps between two layers depends on whose turn it is.
 */
const periodOf = ({ variant }: Plan): number => (variant.startsWith('replicated/') ? 3 : 1);

/** Whether all layers of the plan are alike. */
const isUniform = ({ model, approximations }: Plan): boolean =>
  model.architecture !== 'vit-lite' && approximations.layers === undefined;

/** The plan walked from its first to its last operation. @throws EngineError 'plan' */
export const walkWhole = async (plan: Plan, batchSize: number): Promise<Counts> =>
  countsOfReport(await predictCost(plan, batchSize));

async function walk(plan: Plan, batchSize: number): Promise<Counts> {
  const { layers } = plan.model;
  const period = periodOf(plan);
  const few = 1 + ((layers - 1) % period);
  if (!isUniform(plan) || layers <= few + period) return walkWhole(plan, batchSize);
  const sized = (count: number): Promise<Counts> =>
    walkWhole({ ...plan, model: { ...plan.model, layers: count } }, batchSize);
  const [small, large] = [await sized(few), await sized(few + period)];
  const periods = (layers - few) / period;
  const grown = (of: (counts: Counts) => number): number =>
    of(small) + periods * (of(large) - of(small));
  return {
    parties: small.parties,
    rounds: grown(({ rounds }) => rounds),
    programRounds: grown(({ programRounds }) => programRounds),
    onlineBytes: grown(({ onlineBytes }) => onlineBytes),
    dealerBytes: grown(({ dealerBytes }) => dealerBytes),
    bytesAt: (place) => grown(({ bytesAt }) => bytesAt(place)),
  };
}

const counted = new Map<string, Promise<Counts>>();

/** @throws EngineError 'plan' for a plan that the engine does not know */
export function countsOf(plan: Plan, batchSize: number): Promise<Counts> {
  const key = canonicalJson({ plan, batchSize });
  const known = counted.get(key);
  if (known !== undefined) return known;
  const counts = walk(plan, batchSize);
  // What failed is asked again.
  counts.catch(() => counted.delete(key));
  counted.set(key, counts);
  return counts;
}

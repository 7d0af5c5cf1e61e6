/** What follows from a spec's shapes alone, kept for those asked last: a form asks again and again. */
import type { MemoryNeed } from '../api/schemas/run-view.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import { variantSteps } from '../api/schemas/spec-steps.ts';
import type { CostReport } from '../engine/cost/report.ts';
import { expectedTruncationFailures } from '../engine/cost/truncation-failures.ts';
import { predictCost } from '../engine/execute.ts';
import type { ModelConfig } from '../engine/models/config.ts';
import { countWork, type Work } from './calibration/work.ts';
import { memoryNeedOf } from './memory-need.ts';
import { fullBatchOf, planOfSpec } from './plan-of-spec.ts';
import { pricedSpec } from './public-lengths.ts';
import { modelConfigOf } from './run-models.ts';
import { canonicalJson } from './spec-hash.ts';

/** What one walk of the plan on shapes tells. */
export interface Walked {
  readonly cost: CostReport;
  readonly work: Work;
}

export interface Price extends Walked {
  readonly memory: MemoryNeed;
}

/** The same for specs of which one batch has the same shapes: network, repeats and seed do not count. */
export function shapesKey(spec: RunSpec): string {
  const { model, approximations, protocol, sequenceLength } = spec;
  const { pairs = false } = spec.dataset;
  const batch = fullBatchOf(spec);
  return canonicalJson({ model, pairs, approximations, protocol, sequenceLength, batch });
}

const mostRemembered = 200;

/**
 * `compute` by the shapes of a spec, kept for those asked last. What failed is asked again.
 * @param which inference, where lengths are public and differ
 */
function remembering<T>(
  compute: (spec: RunSpec, config: ModelConfig) => Promise<T>,
  which: 'middle' | 'longest' = 'middle',
): (spec: RunSpec) => Promise<T> {
  const remembered = new Map<string, Promise<T>>();
  const answerOf = (spec: RunSpec): Promise<T> => {
    const key = shapesKey(spec);
    const known = remembered.get(key);
    if (known !== undefined) {
      // Asked again, it is the last to go.
      remembered.delete(key);
      remembered.set(key, known);
      return known;
    }
    const answer = modelConfigOf(spec.model).then((config) => compute(spec, config));
    // The next asker is told the reason too.
    answer.catch(() => remembered.delete(key));
    if (remembered.size >= mostRemembered) {
      const [oldest = ''] = remembered.keys();
      remembered.delete(oldest);
    }
    remembered.set(key, answer);
    return answer;
  };
  return (spec) =>
    spec.length === 'public' ? pricedSpec(spec, which).then(answerOf) : answerOf(spec);
}

/** Cost and work of one full batch. @throws EngineError 'plan' for a plan that the engine does not know */
export const walkOf: (spec: RunSpec) => Promise<Walked> = remembering(async (spec, config) => {
  const plan = planOfSpec(spec, config);
  const counter = countWork(plan);
  const cost = await predictCost(plan, fullBatchOf(spec), counter.charge);
  return { cost, work: counter.read(cost.rounds) };
});

/** Memory of one full batch on this machine. @throws EngineError 'plan' */
export const memoryOf: (spec: RunSpec) => Promise<MemoryNeed> = remembering(
  (spec, config) => memoryNeedOf(spec, config),
  'longest',
);

/**
 * Truncations of one full batch that are expected to be wrong, for values of size 1 on average.
 * @throws EngineError 'plan'
 */
export const wrongTruncationsOf: (spec: RunSpec) => Promise<number> = remembering(
  async (spec, config) => {
    const { truncation, variant } = spec.protocol;
    // Whose own truncation has a message cannot wrap: no need to walk the plan again.
    if ((truncation ?? variantSteps[variant].truncation[0]) !== 'local') return 0;
    const plan = planOfSpec(spec, config);
    return (await expectedTruncationFailures(plan, fullBatchOf(spec))).expected;
  },
);

/**
 * Cost, work and memory of one full batch of a checked spec. Network and seed change none of them, so that
 * a walk serves every link.
 * @throws EngineError 'plan' for a plan that the engine does not know
 */
export async function priceOf(spec: RunSpec): Promise<Price> {
  const [walked, memory] = await Promise.all([walkOf(spec), memoryOf(spec)]);
  return { ...walked, memory };
}

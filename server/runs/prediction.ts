/** What a spec will cost, from shapes alone, in the form that pages show and runs are compared with. */
import type { Prediction, Preview } from '../api/schemas/run-view.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { CostReport } from '../engine/cost/report.ts';
import { predictCost } from '../engine/execute.ts';
import type { TextModelConfig } from '../zoo/model-config.ts';
import { fullBatchOf, planOfSpec } from './plan-of-spec.ts';

/** Cost of one full batch. @throws EngineError 'plan' for a plan that the engine does not know */
export const predictFullBatch = (spec: RunSpec, config: TextModelConfig): Promise<CostReport> =>
  predictCost(planOfSpec(spec, config), fullBatchOf(spec));

export const predictionOf = (cost: CostReport): Prediction => ({
  rounds: cost.rounds,
  onlineBytesSent: cost.onlineBytesSent,
  offlineBytesSent: cost.offlineBytesSent,
  agrees: null,
});

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Bytes by place in the model outline, over operations and parties, largest first. */
export function bytesByPlace(cost: CostReport): Preview['byPlace'] {
  const places = new Map<string, number>();
  for (const { path, bytesSent } of cost.rows) {
    places.set(path, (places.get(path) ?? 0) + sum(bytesSent));
  }
  return [...places]
    .map(([path, bytesSent]) => ({ path, bytesSent }))
    .filter(({ bytesSent }) => bytesSent > 0)
    .sort((a, b) => b.bytesSent - a.bytesSent);
}

/** What a spec will cost, from shapes alone, in the form that pages show and runs are compared with. */
import type { LinkBytes, Prediction, Preview } from '../api/schemas/run-view.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { CostReport } from '../engine/cost/report.ts';
import { predictCost } from '../engine/execute.ts';
import type { ModelConfig } from '../engine/models/config.ts';
import type { Plan } from '../engine/plan.ts';
import { fullBatchOf, planOfSpec } from './plan-of-spec.ts';
import { pricedSpec } from './public-lengths.ts';

/**
 * Cost of one full batch, with public lengths of the one in the middle.
 * @throws EngineError 'plan' for a plan that the engine does not know
 */
export async function predictFullBatch(spec: RunSpec, config: ModelConfig): Promise<CostReport> {
  return predictCost(planOfSpec(await pricedSpec(spec), config), fullBatchOf(spec));
}

/** Cost of every batch of one pass; equal ones are walked once. @throws EngineError 'plan' */
export async function costsByBatch(
  plan: Plan,
  sizes: readonly number[],
  lengths: readonly number[] | undefined,
): Promise<CostReport[]> {
  const known = new Map<string, Promise<CostReport>>();
  return Promise.all(
    sizes.map((size, batch) => {
      const length = lengths?.[batch] ?? plan.length;
      const key = `${size} of ${length}`;
      const cost = known.get(key) ?? predictCost({ ...plan, length }, size);
      known.set(key, cost);
      return cost;
    }),
  );
}

export const predictionOf = (cost: CostReport): Prediction => ({
  rounds: cost.rounds,
  onlineBytesSent: cost.onlineBytesSent,
  offlineBytesSent: cost.offlineBytesSent,
  dealerBytes: cost.dealerBytes,
  links: usedLinks(cost.links),
  agrees: null,
});

/** Links over which anything goes, in the order of their names. */
export const usedLinks = (links: Readonly<Record<string, number | undefined>>): LinkBytes =>
  Object.fromEntries(
    Object.entries(links)
      .flatMap(([link, bytes = 0]) => (bytes > 0 ? [[link, bytes] as const] : []))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Payload bytes of everybody that is measured, both phases. */
export const totalBytesOf = (cost: CostReport): number =>
  sum(cost.onlineBytesSent) + sum(cost.offlineBytesSent) + cost.dealerBytes;

/** Bytes by place in the model outline, over operations and parties, largest first. */
export function bytesByPlace(cost: CostReport): Preview['byPlace'] {
  const places = new Map<string, { bytesSent: number; dealerBytes: number }>();
  for (const { path, bytesSent, dealerBytes } of cost.rows) {
    const place = places.get(path) ?? { bytesSent: 0, dealerBytes: 0 };
    place.bytesSent += sum(bytesSent);
    place.dealerBytes += dealerBytes;
    places.set(path, place);
  }
  const both = (place: { bytesSent: number; dealerBytes: number }): number =>
    place.bytesSent + place.dealerBytes;
  return [...places]
    .map(([path, place]) => ({ path, ...place }))
    .filter((place) => both(place) > 0)
    .sort((a, b) => both(b) - both(a));
}

/** Bytes and rounds by part of the model (first word of the place) and operation, largest first. */
export function bytesByOperation(cost: CostReport): Preview['byOperation'] {
  const groups = new Map<string, Preview['byOperation'][number]>();
  for (const { path, op, bytesSent, dealerBytes, rounds } of cost.rows) {
    const [place = path] = path.split('.');
    const key = `${place} ${op}`;
    const before = groups.get(key) ?? { place, op, bytesSent: 0, dealerBytes: 0, rounds: 0 };
    groups.set(key, {
      ...before,
      bytesSent: before.bytesSent + sum(bytesSent),
      dealerBytes: before.dealerBytes + dealerBytes,
      rounds: before.rounds + rounds,
    });
  }
  return [...groups.values()]
    .filter(({ bytesSent, dealerBytes }) => bytesSent + dealerBytes > 0)
    .sort((a, b) => b.bytesSent + b.dealerBytes - a.bytesSent - a.dealerBytes);
}

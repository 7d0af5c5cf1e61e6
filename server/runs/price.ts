/** What follows from a spec's shapes alone, kept for those asked last: a form asks again and again. */
import type { MemoryNeed } from '../api/schemas/run-view.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { CostReport } from '../engine/cost/report.ts';
import { memoryNeedOf } from './memory-need.ts';
import { predictFullBatch } from './prediction.ts';
import { fullBatchOf } from './plan-of-spec.ts';
import { modelConfigOf } from './run-models.ts';
import { canonicalJson } from './spec-hash.ts';

export interface Price {
  readonly cost: CostReport;
  readonly memory: MemoryNeed;
}

/** The same for specs of which one batch has the same shapes: network, repeats and seed do not count. */
export function shapesKey(spec: RunSpec): string {
  const { model, approximations, protocol, sequenceLength } = spec;
  const batch = fullBatchOf(spec);
  return canonicalJson({ model, approximations, protocol, sequenceLength, batch });
}

const mostRemembered = 200;
const remembered = new Map<string, Promise<Price>>();

async function compute(spec: RunSpec): Promise<Price> {
  const config = await modelConfigOf(spec.model);
  return {
    cost: await predictFullBatch(spec, config),
    memory: await memoryNeedOf(spec, config),
  };
}

/**
 * Cost and memory of one full batch of a checked spec. Network and seed change neither, so that a walk
 * serves every link.
 * @throws EngineError 'plan' for a plan that the engine does not know
 */
export function priceOf(spec: RunSpec): Promise<Price> {
  const key = shapesKey(spec);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const price = compute(spec);
  // What failed is asked again: the next asker is told the reason too.
  price.catch(() => remembered.delete(key));
  if (remembered.size >= mostRemembered) {
    const [oldest = ''] = remembered.keys();
    remembered.delete(oldest);
  }
  remembered.set(key, price);
  return price;
}

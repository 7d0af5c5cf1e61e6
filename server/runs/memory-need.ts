/**
 * Memory that all roles of a run hold together at its peak, from shapes alone, beside what this machine
 * has: a model that does not fit ends in the kernel killing processes, so such a run is not started.
 */
import { totalmem } from 'node:os';
import type { MemoryNeed } from '../api/schemas/run-view.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import { correlationsOf, partiesOf, predictMemory } from '../engine/execute.ts';
import type { ModelConfig } from '../engine/models/config.ts';
import { fullBatchOf, planOfSpec } from './plan-of-spec.ts';

/** Of what lives in a dealer, the part that stands uncollected beside it when it is largest. */
const uncollectedPart = 0.2;

/**
 * The parties' is `predictMemory`. The owner queues the shares of all
 * weights before the first has left, as many bytes as one party holds of them; the dealer works through
 * the same operations as the parties.
 *
 * @param machineBytes memory of the machine that is to run it
 * @throws EngineError 'plan' for a plan that the engine does not know
 */
export async function memoryNeedOf(
  spec: RunSpec,
  config: ModelConfig,
  machineBytes: number = totalmem(),
): Promise<MemoryNeed> {
  const plan = planOfSpec(spec, config);
  const memory = await predictMemory(plan, fullBatchOf(spec));
  const { peakBytes, processBytes, weightBytes, maskBytes, workingBytes } = memory;
  const partyBytes = Math.round(peakBytes);
  const ownerBytes = Math.round(processBytes + weightBytes);
  const dealer = processBytes + (1 + uncollectedPart) * (workingBytes + maskBytes);
  const dealerBytes = correlationsOf(plan) === 'dealer' ? Math.round(dealer) : 0;
  return {
    partyBytes,
    ownerBytes,
    dealerBytes,
    totalBytes: partiesOf(plan.variant) * partyBytes + ownerBytes + dealerBytes,
    machineBytes,
  };
}

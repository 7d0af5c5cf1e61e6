/**
 * Measures this machine: a one-layer Transformer with random weights, on every variant, all roles in
 * this process over channels in memory. A few seconds. Nothing secret is computed, so seeds are fixed.
 *
 * What is booked as computing is what each party computes while nobody else does: one thread runs them
 * all. How they share the cores of a run is the formula's business.
 */
import type { Peer } from '../../engine/channel.ts';
import {
  correlationsOf,
  executeDealer,
  executeOwner,
  executeParty,
  partiesOf,
} from '../../engine/execute.ts';
import { partyIds } from '../../engine/keys.ts';
import type { ApproximationPlan, BertConfig, Plan } from '../../engine/plan.ts';
import { variantDescriptions } from '../../engine/protocols/registry.ts';
import type { Kernels } from '../../engine/ring/kernels.ts';
import type { PartyTrace, TraceRow } from '../../engine/trace.ts';
import { memoryChannels } from '../../network/memory-channel.ts';
import { randomBatch } from '../../zoo/random-inputs.ts';
import { randomWeights } from '../../zoo/random-weights.ts';
import { fitRates, type Rates } from './rates.ts';
import { workOf } from './work.ts';

const model: BertConfig = {
  architecture: 'bert',
  layers: 1,
  hidden: 128,
  heads: 2,
  ffn: 512,
  vocabularySize: 512,
  maxPositions: 64,
  typeVocabularySize: 2,
  labels: 2,
  layerNormEpsilon: 1e-12,
  pooling: 'cls',
};
const length = 32;
const label = 'calibration';

/** Between them they use every kind of step: polynomials, comparisons, exponentials, reciprocals. */
const approximations: readonly ApproximationPlan[] = [
  { gelu: 'puma', softmax: 'puma' },
  { gelu: 'quad', softmax: '2quad' },
];

/** The setup, then one trace per inference: the first one warms caches and code. */
async function tracesOf(plan: Plan, kernels: Kernels): Promise<readonly PartyTrace[][]> {
  const dealt = correlationsOf(plan) === 'dealer';
  const ids = partyIds(partiesOf(plan.variant));
  const peers: Peer[] = ['owner', ...ids, ...(dealt ? ['dealer' as const] : [])];
  const channels = memoryChannels(peers, { receiveTimeoutMs: 20_000 });
  const batches = [0, 1, 2].map((first) => randomBatch(model, length, first, 1, label));
  const weights = await randomWeights(model, label);
  const batchSizes = batches.map(({ size }) => size);
  const run = async (role: Peer): Promise<PartyTrace[]> => {
    const channel = channels[peers.indexOf(role)];
    if (channel === undefined) return [];
    const shared = { plan, channel, kernels, insecureSeed: label };
    try {
      if (role === 'dealer') return await executeDealer({ ...shared, batchSizes });
      if (role !== 'owner') return await executeParty({ ...shared, party: role, batchSizes });
      await executeOwner({ ...shared, weights, batches });
      return [];
    } catch (error) {
      // The others wait for this one: they are told, and end with their own errors.
      await channel.close(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };
  try {
    return await Promise.all(peers.map(run));
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
}

/** Every row as it was in the inference where it took least: the rest is other work on this machine. */
function quickest(inferences: readonly PartyTrace[]): TraceRow[] {
  const rows = new Map<string, TraceRow>();
  for (const row of inferences.flatMap((inference) => inference.rows)) {
    const key = `${row.path} ${row.op} ${row.phase}`;
    const before = rows.get(key);
    if (before === undefined || row.computeMs < before.computeMs) rows.set(key, row);
  }
  return [...rows.values()];
}

/** Rates of every variant. @throws EngineError when a variant does not run at all */
export async function measureRates(
  kernels: Kernels,
  variants: readonly string[] = variantDescriptions.map(({ id }) => id),
): Promise<Rates> {
  const rates: Rates = {};
  for (const { id } of variantDescriptions.filter((variant) => variants.includes(variant.id))) {
    const runs: Parameters<typeof fitRates>[0][number][] = [];
    for (const functions of approximations) {
      const plan: Plan = {
        variant: id,
        ring: { bits: 64, fractionBits: 16 },
        model,
        approximations: functions,
        length,
      };
      const traces = await tracesOf(plan, kernels);
      const warm = traces.map((own) => own.slice(2));
      const dealer = warm.find((own) => own[0]?.party === 'dealer');
      runs.push({
        work: await workOf(plan, 1),
        rows: warm
          .filter((own) => own !== dealer)
          .flatMap(quickest)
          .filter(({ phase }) => phase === 'online'),
        offlineMs: quickest(dealer ?? []).reduce((sum, { computeMs }) => sum + computeMs, 0),
      });
    }
    rates[id] = fitRates(runs);
  }
  return rates;
}

/**
 * What recording costs: whole inferences with and without it, alternating in one session, all roles in
 * this process over channels in memory. CPU time of the one thread that does it all, so neither network
 * nor neighbours are in it. README.md says how to read it.
 *
 *   npm run bench:recording [-- pairs]      default 12 inferences with and 12 without
 */
import type { Peer } from '../../server/engine/channel.ts';
import {
  correlationsOf,
  executeDealer,
  executeOwner,
  executeParty,
  partiesOf,
} from '../../server/engine/execute.ts';
import { partyIds } from '../../server/engine/keys.ts';
import type { BertConfig, Plan } from '../../server/engine/plan.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { TimelineRecorder } from '../../server/engine/timeline.ts';
import type { PartyTrace } from '../../server/engine/trace.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import { randomBatch } from '../../server/zoo/random-inputs.ts';
import { randomWeights } from '../../server/zoo/random-weights.ts';

const model: BertConfig = {
  architecture: 'bert',
  layers: 2,
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
const label = 'recording-cost';
/** The first ones find cold code. */
const warmUp = 2;

/** What it does is done, or not: the recorder's own methods, swapped for the length of an inference. */
const noting = ['computed', 'sent', 'idle', 'received'] as const;
const real = Object.fromEntries(noting.map((name) => [name, TimelineRecorder.prototype[name]]));
function setRecording(on: boolean): void {
  for (const name of noting) {
    Object.assign(TimelineRecorder.prototype, { [name]: on ? real[name] : () => {} });
  }
}

interface Inference {
  readonly on: boolean;
  readonly cpuMs: number;
  readonly events: number;
}

async function session(variant: Plan['variant'], pairs: number): Promise<Inference[]> {
  const plan: Plan = {
    variant,
    ring: { bits: 64, fractionBits: 18 },
    model,
    approximations: { gelu: 'puma', softmax: 'puma' },
    length: 32,
  };
  const dealt = correlationsOf(plan) === 'dealer';
  const ids = partyIds(partiesOf(variant));
  const peers: Peer[] = ['owner', ...ids, ...(dealt ? ['dealer' as const] : [])];
  const channels = memoryChannels(peers);
  const kernels = loadKernels();
  const count = warmUp + 2 * pairs;
  const batches = Array.from({ length: count }, (_, i) => randomBatch(model, 32, i, 1, label));
  const weights = await randomWeights(model, label);
  const batchSizes = batches.map(({ size }) => size);
  const done: Inference[] = [];
  let mark = process.threadCpuUsage();
  let on = true;
  let traced = 0;
  /** Of party 0; the others end within the same few microseconds, as one thread runs them all. */
  const onTrace = ({ timeline }: PartyTrace): void => {
    const { user, system } = process.threadCpuUsage(mark);
    // The first is of the setup.
    if (traced > warmUp) {
      done.push({ on, cpuMs: (user + system) / 1000, events: timeline?.kind.length ?? 0 });
    }
    traced += 1;
    on = traced % 2 === 0;
    setRecording(on);
    mark = process.threadCpuUsage();
  };
  const run = async (role: Peer): Promise<unknown> => {
    const channel = channels[peers.indexOf(role)];
    if (channel === undefined) return undefined;
    const shared = { plan, channel, kernels, insecureSeed: label };
    if (role === 'dealer') return executeDealer({ ...shared, batchSizes });
    if (role === 'owner') return executeOwner({ ...shared, weights, batches });
    return executeParty({
      ...shared,
      party: role,
      batchSizes,
      ...(role === 0 ? { onTrace } : {}),
    });
  };
  try {
    await Promise.all(peers.map(run));
  } finally {
    setRecording(true);
    await Promise.all(channels.map((channel) => channel.close()));
  }
  return done;
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

const [, , asked = '12'] = process.argv;
const pairs = Number(asked);
if (!Number.isInteger(pairs) || pairs < 2 || pairs > 200) {
  throw new RangeError(`pairs is ${asked}, allowed: a whole number from 2 to 200`);
}
console.log('| variant | n | with, CPU ms | without, CPU ms | difference | events of party 0 |');
console.log('|---|---|---|---|---|---|');
for (const variant of ['additive/fast', 'additive/crypten', 'replicated/fast'] as const) {
  const inferences = await session(variant, pairs);
  const [has, lacks] = [true, false].map((on) => inferences.filter((each) => each.on === on));
  const withMs = middle((has ?? []).map(({ cpuMs }) => cpuMs));
  const withoutMs = middle((lacks ?? []).map(({ cpuMs }) => cpuMs));
  const cells = [
    variant,
    `${has?.length} + ${lacks?.length}`,
    withMs.toFixed(1),
    withoutMs.toFixed(1),
    `${(100 * (withMs / withoutMs - 1)).toFixed(1)} %`,
    middle((has ?? []).map(({ events }) => events)),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

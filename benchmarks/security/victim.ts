/**
 * The run that is attacked: a small ViT-Lite with random weights on random images, run by the same
 * role functions as any run, every role with a recorder.
 */
import type { Peer } from '../../server/engine/channel.ts';
import { executeDealer, executeOwner, executeParty } from '../../server/engine/execute.ts';
import { modelOf } from '../../server/engine/models/registry.ts';
import { encodeBatch, encodeWeight } from '../../server/engine/owner-encoding.ts';
import type { CorrelationsId, Plan, Weights } from '../../server/engine/plan.ts';
import { partyIds } from '../../server/engine/keys.ts';
import {
  correlationsOf,
  partiesOf,
  type SecureVariantId,
} from '../../server/engine/protocols/registry.ts';
import type { Kernels } from '../../server/engine/ring/kernels.ts';
import { elementCount } from '../../server/engine/ring/tensor.ts';
import { storedShape } from '../../server/engine/weights.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import { Recorder } from './recorder.ts';

/** Random numbers that need not be secret, of about normal size. */
export type Random = () => number;

export interface Victim {
  readonly recorders: ReadonlyMap<Peer, Recorder>;
  /** Ring words by name; what nobody but the owner may learn. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** The same as the owner has them, in floating point. */
  readonly floats: ReadonlyMap<string, Float32Array>;
}

export function planOf(variant: SecureVariantId, correlations?: CorrelationsId): Plan {
  return {
    variant,
    ...(correlations === undefined ? {} : { correlations }),
    ring: { bits: 64, fractionBits: 18 },
    model: {
      architecture: 'vit-lite',
      layers: 1,
      hidden: 32,
      heads: 2,
      ffn: 32,
      imageSize: 32,
      patchSize: 8,
      channels: 3,
      labels: 4,
      layerNormEpsilon: 1e-5,
      attention: [['softmax', '2quad']],
      quotient: 'inverse',
    },
    approximations: { gelu: 'quad', softmax: '2quad' },
    length: 17,
  };
}

/** One session of all roles, in one process, each with what it would have as a process. */
export async function runVictim(plan: Plan, kernels: Kernels, random: Random): Promise<Victim> {
  const batch = { size: 8, pixels: Float32Array.from({ length: 8 * 3 * 32 * 32 }, random) };
  const model = modelOf(plan);
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const secrets = new Map<string, Uint8Array>();
  const floats = new Map<string, Float32Array>();
  await model.load(async (recipe) => {
    for (const name of recipe.from) {
      const shape = storedShape(recipe);
      const data = Float32Array.from({ length: elementCount(shape) }, () => random() / 8);
      weights.set(name, { shape, data });
    }
    const encoded = encodeWeight(kernels, plan.ring, weights, recipe);
    secrets.set(`weight ${recipe.from.join(' ')}`, encoded.bytes);
    floats.set(`weight ${recipe.from.join(' ')}`, weights.get(recipe.from[0] ?? '')!.data);
    return { domain: 'arithmetic', shape: recipe.shape };
  });
  const [input] = encodeBatch(kernels, plan.ring, model, batch);
  if (input === undefined) throw new RangeError('one input');
  secrets.set('input', input.bytes);
  floats.set('input', batch.pixels);

  const parties = partyIds(partiesOf(plan.variant));
  const dealt = correlationsOf(plan) === 'dealer';
  const roles: Peer[] = [...parties, 'owner', ...(dealt ? (['dealer'] as const) : [])];
  const channels = memoryChannels(roles);
  const recorders = new Map<Peer, Recorder>();
  const runs = roles.map((role, index): Promise<unknown> => {
    const channel = channels[index];
    if (channel === undefined) throw new RangeError('a channel per role');
    if (role === 'owner') {
      const weightsOfOwner: Weights = weights;
      return executeOwner({
        plan,
        channel,
        kernels,
        weights: weightsOfOwner,
        batches: [batch],
        insecureSeed: null,
      });
    }
    const recorder = new Recorder();
    recorders.set(role, recorder);
    const args = { plan, batchSizes: [batch.size], insecureSeed: null };
    recorder.given('arguments', { ...args, role });
    recorder.given('environment', process.env);
    recorder.given('command line', process.argv);
    const tools = { channel: recorder.channel(channel), kernels: recorder.kernels(kernels) };
    return role === 'dealer'
      ? executeDealer({ ...args, ...tools })
      : executeParty({ ...args, ...tools, party: role });
  });
  try {
    await Promise.all(runs);
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
  addProducts(plan, secrets, recorders);
  return { recorders, secrets, floats };
}

/** Secret intermediate values: what the parties' terms of the first products add up to. */
function addProducts(
  plan: Plan,
  secrets: Map<string, Uint8Array>,
  recorders: ReadonlyMap<Peer, Recorder>,
): void {
  const terms = partyIds(partiesOf(plan.variant)).map(
    (party) => recorders.get(party)?.products[1] ?? new Uint8Array(0),
  );
  const words = terms.map((bytes) => new BigUint64Array(bytes.buffer, 0, bytes.length / 8));
  const sum = new BigUint64Array(words[0]?.length ?? 0);
  for (const term of words) term.forEach((word, index) => (sum[index]! += word));
  secrets.set('first product', new Uint8Array(sum.buffer));
}

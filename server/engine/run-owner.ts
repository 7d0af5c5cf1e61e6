/** The owner of model and inputs: shares both, learns what is revealed. */
import type { Channel } from './channel.ts';
import { EngineError } from './errors.ts';
import { decodeTensor } from './fixed-point.ts';
import { dealKeys, partyIds } from './keys.ts';
import { packMessages, unpackMessages } from './message.ts';
import { lengthsOf } from './models/lengths.ts';
import { modelOf } from './models/registry.ts';
import { encodeBatch, encodeWeight } from './owner-encoding.ts';
import type { Batch, Plan, Weights } from './plan.ts';
import type { AShare } from './protocol.ts';
import { ownerSideOf, partiesOf } from './protocols/registry.ts';
import type { Kernels } from './ring/kernels.ts';
import { elementCount, type Shape, type Tensor } from './ring/tensor.ts';

export interface OwnerArguments {
  readonly plan: Plan;
  readonly channel: Channel;
  readonly kernels: Kernels;
  /** Not read where the plan's are uniform. */
  readonly weights: Weights;
  readonly batches: readonly Batch[];
  /** Public length of each inference, in order, where they differ; absent: the plan's. */
  readonly lengths?: readonly number[] | undefined;
  readonly insecureSeed: string | null;
  /** `logits` are row-major, in the model's output shape. */
  readonly onLogits?: (inference: number, logits: Float64Array) => void;
  readonly signal?: AbortSignal;
}

/** Rejects with `EngineError` ('channel', 'plan', 'aborted') when anything goes wrong. */
export async function executeOwner(
  args: OwnerArguments,
): Promise<{ logits: Float64Array[]; setupBytes: number }> {
  const { plan, channel, kernels, signal } = args;
  const lengthAt = lengthsOf(plan, args.batches.length, args.lengths);
  const parties = partiesOf(plan.variant);
  const { components, split } = ownerSideOf(plan.variant);
  const generators = dealKeys(channel, kernels, parties, components, args.insecureSeed);
  const model = modelOf(plan);
  let turn = 0;
  let sentBytes = 0;
  const share = (x: Tensor): void => {
    if (signal?.aborted === true) throw new EngineError('aborted', 'the run was cancelled');
    for (const { to, bytes } of split(kernels, plan.ring.bits, generators, turn, x.bytes)) {
      channel.send(to, packMessages([{ route: 0, depth: 0, payload: bytes }]));
      sentBytes += bytes.length;
    }
    turn += 1;
  };

  await model.load(async (recipe) => {
    if (plan.weights !== 'uniform') share(encodeWeight(kernels, plan.ring, args.weights, recipe));
    return placeholder(recipe.shape);
  });
  const setupBytes = sentBytes;

  const logits: Float64Array[] = [];
  for (const [index, batch] of args.batches.entries()) {
    turn = 0;
    for (const x of encodeBatch(kernels, plan.ring, model, batch, lengthAt(index))) share(x);
    const revealed = await receiveReveal(args, parties, model.outputShape(batch.size));
    logits.push(revealed);
    args.onLogits?.(index, revealed);
  }
  return { logits, setupBytes };
}

async function receiveReveal(
  { channel, kernels, plan }: OwnerArguments,
  parties: number,
  shape: Shape,
): Promise<Float64Array> {
  const bytes = (elementCount(shape) * plan.ring.bits) / 8;
  const components: Uint8Array[] = [];
  for (const party of partyIds(parties)) {
    const [message] = unpackMessages(await channel.receive(party));
    if (message === undefined || message.payload.length !== bytes) {
      throw new EngineError('channel', `party ${party} revealed no output of ${bytes} bytes`);
    }
    components.push(message.payload);
  }
  const joined = ownerSideOf(plan.variant).join(kernels, plan.ring.bits, components);
  return decodeTensor(kernels, plan.ring, { elementBits: plan.ring.bits, shape, bytes: joined });
}

/** Stands where the owner holds no share. */
function placeholder(shape: Shape): AShare {
  return { domain: 'arithmetic', shape };
}

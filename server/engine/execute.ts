/**
 * The one door into the engine: what a party runs, what the owner runs, and the run in the clear.
 *
 * One session: keys are agreed, the owner shares the weights once (setup), then any number of
 * inferences follow; each starts when its inputs arrive and ends when the logits have been sent.
 */
import { geluFunctions, softmaxFunctions } from './approximations/registry.ts';
import type { Channel, PartyId } from './channel.ts';
import { EngineError } from './errors.ts';
import { decodeTensor, encodeTensor } from './fixed-point.ts';
import { agreeKeys, dealKeys, partyIds } from './keys.ts';
import { bert, bertWeights, type BertFunctions, type WeightRecipe } from './models/bert.ts';
import { packMessages, unpackMessages } from './message.ts';
import type { Batch, Plan, Weights } from './plan.ts';
import type { AShare } from './protocol.ts';
import { clearProtocol, createProtocol, ownerSideOf, partiesOf } from './protocols/registry.ts';
import type { Kernels } from './ring/kernels.ts';
import { elementCount, type Shape, type Tensor } from './ring/tensor.ts';
import { Session, type Branch } from './session.ts';
import type { PartyTrace, Phase } from './trace.ts';
import { readWeight } from './weights.ts';

export { partiesOf } from './protocols/registry.ts';
export { predictCost } from './cost/predict.ts';

export interface PartyProgress {
  /** -1 while weights are shared, then the index of the inference. */
  readonly inference: number;
  readonly path: string;
  readonly bytesSent: number;
  readonly rounds: number;
}

export interface PartyArguments {
  readonly plan: Plan;
  readonly party: PartyId;
  readonly channel: Channel;
  readonly kernels: Kernels;
  /** Samples of each inference, in order. */
  readonly batchSizes: readonly number[];
  readonly insecureSeed: string | null;
  readonly onProgress?: (progress: PartyProgress) => void;
  /**
   * Each trace as soon as it is closed. When the party fails or is aborted, last of all the trace of
   * what it was at, cut short there; none when that happens before keys were agreed.
   */
  readonly onTrace?: (trace: PartyTrace) => void;
  readonly signal?: AbortSignal;
}

/**
 * One compute party from key agreement to the last reveal. Traces: first of the setup, then one per
 * inference. Rejects with `EngineError` ('channel', 'protocol', 'aborted') when anything goes wrong.
 */
export async function executeParty(args: PartyArguments): Promise<PartyTrace[]> {
  const { plan, party, channel, kernels, batchSizes, insecureSeed, signal } = args;
  const parties = partiesOf(plan.variant);
  let inference = -1;
  const session = new Session({
    channel,
    kernels,
    ring: plan.ring,
    party,
    parties,
    onPlace: (path) => {
      stopIfAborted(signal);
      args.onProgress?.({
        inference,
        path,
        bytesSent: session.ledger.bytesSent,
        rounds: root.depth,
      });
    },
  });
  let began = stopwatch(session);
  const generators = await agreeKeys(channel, kernels, party, parties, insecureSeed);
  const root: Branch = { route: 0, generators, depth: 0, turn: 0, forks: 0 };
  const traces: PartyTrace[] = [];
  const close = (): void => {
    const trace = closeTrace(session, root, session.ledger.phase, began);
    traces.push(trace);
    args.onTrace?.(trace);
  };
  try {
    const mpc = createProtocol(plan.variant, session, root);
    const weights = await bertWeights(plan.model, ({ shape }) => mpc.at('weights').input(shape));
    close();

    for (const [index, size] of batchSizes.entries()) {
      inference = index;
      session.ledger.phase = 'online';
      root.depth = 0;
      root.turn = 0;
      began = stopwatch(session);
      const ids = await mpc.at('input').input([size, plan.length]);
      const keep = await mpc.at('input').input([size, plan.length]);
      session.ledger.take();
      began = stopwatch(session);
      const logits = await bert(mpc, plan.model, weights, functionsOf(plan), ids, keep);
      const reason = 'logits of the model, for the owner of the input';
      await mpc.at('reveal').revealToOwner(logits, reason);
      session.mailbox.flush();
      close();
    }
    return traces;
  } catch (error) {
    close();
    throw error;
  }
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError('aborted', 'the run was cancelled');
}

interface Stopwatch {
  readonly atMs: number;
  readonly cpu: NodeJS.CpuUsage;
}

function stopwatch(session: Session): Stopwatch {
  return { atMs: session.ledger.bookedToMs, cpu: process.cpuUsage() };
}

function closeTrace(session: Session, root: Branch, phase: Phase, began: Stopwatch): PartyTrace {
  session.ledger.charge('', 'local', 'computeMs');
  const endedAtMs = session.ledger.bookedToMs;
  const { rows, reveals } = session.ledger.take();
  const perPhase = (value: number): Record<Phase, number> => ({
    setup: 0,
    offline: 0,
    online: 0,
    [phase]: value,
  });
  const sentTo = (toOwner: boolean) =>
    rows.reduce(
      (sum, row) =>
        Object.entries(row.bytesSentTo).reduce(
          (inner, [peer, bytes]) => ((peer === 'owner') === toOwner ? inner + bytes : inner),
          sum,
        ),
      0,
    );
  const { user, system } = process.cpuUsage(began.cpu);
  return {
    party: session.party,
    rows,
    reveals,
    rounds: perPhase(root.depth),
    bytesSent: perPhase(sentTo(false)),
    bytesSentToOwner: sentTo(true),
    startedAtMs: began.atMs,
    endedAtMs,
    cpuMs: (user + system) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

export interface OwnerArguments {
  readonly plan: Plan;
  readonly channel: Channel;
  readonly kernels: Kernels;
  readonly weights: Weights;
  readonly batches: readonly Batch[];
  readonly insecureSeed: string | null;
  /** `logits` is [batch, labels], row-major. */
  readonly onLogits?: (inference: number, logits: Float64Array) => void;
  readonly signal?: AbortSignal;
}

/** The owner of model and inputs: shares both, learns what is revealed. */
export async function executeOwner(
  args: OwnerArguments,
): Promise<{ logits: Float64Array[]; setupBytes: number }> {
  const { plan, channel, kernels, signal } = args;
  const parties = partiesOf(plan.variant);
  const generators = dealKeys(channel, kernels, parties, args.insecureSeed);
  const { split } = ownerSideOf(plan.variant);
  let turn = 0;
  let sentBytes = 0;
  const share = (x: Tensor): void => {
    stopIfAborted(signal);
    for (const { to, bytes } of split(kernels, plan.ring.bits, generators, turn, x.bytes)) {
      channel.send(to, packMessages([{ route: 0, depth: 0, payload: bytes }]));
      sentBytes += bytes.length;
    }
    turn += 1;
  };

  await bertWeights(plan.model, async (recipe) => {
    share(encodeRecipe(plan, kernels, args.weights, recipe));
    return placeholder(recipe.shape);
  });
  const setupBytes = sentBytes;

  const logits: Float64Array[] = [];
  for (const [index, batch] of args.batches.entries()) {
    turn = 0;
    for (const x of encodeBatch(plan, kernels, batch)) share(x);
    const revealed = await receiveReveal(channel, kernels, plan, parties, batch.size);
    logits.push(revealed);
    args.onLogits?.(index, revealed);
  }
  return { logits, setupBytes };
}

async function receiveReveal(
  channel: Channel,
  kernels: Kernels,
  plan: Plan,
  parties: number,
  batchSize: number,
): Promise<Float64Array> {
  const shape = [batchSize, plan.model.labels];
  const bytes = (elementCount(shape) * plan.ring.bits) / 8;
  const components: Uint8Array[] = [];
  for (const party of partyIds(parties)) {
    const [message] = unpackMessages(await channel.receive(party));
    if (message === undefined || message.payload.length !== bytes) {
      throw new EngineError('channel', `party ${party} revealed no logits of ${bytes} bytes`);
    }
    components.push(message.payload);
  }
  const joined = ownerSideOf(plan.variant).join(kernels, plan.ring.bits, components);
  return decodeTensor(kernels, plan.ring, { elementBits: plan.ring.bits, shape, bytes: joined });
}

export interface ClearArguments {
  readonly plan: Plan;
  readonly kernels: Kernels;
  readonly weights: Weights;
  readonly batches: readonly Batch[];
  /** Awaited after each inference, so that a long run can breathe or be stopped by throwing. */
  readonly onLogits?: (inference: number, logits: Float64Array) => void | Promise<void>;
}

/** The plan's functions and fixed point in the open; logits [batch, labels] per inference. */
export async function executeClear(args: ClearArguments): Promise<Float64Array[]> {
  const { plan, kernels, batches } = args;
  const queue: Tensor[] = [];
  const results: Float64Array[] = [];
  const mpc = clearProtocol(kernels, plan.ring, {
    nextInput: () => {
      const next = queue.shift();
      if (next === undefined) throw new EngineError('protocol', 'clear: no input is left');
      return next;
    },
    revealed: (x) => results.push(decodeTensor(kernels, plan.ring, x)),
  });
  const weights = await bertWeights(plan.model, (recipe) => {
    queue.push(encodeRecipe(plan, kernels, args.weights, recipe));
    return mpc.input(recipe.shape);
  });
  for (const [index, batch] of batches.entries()) {
    queue.push(...encodeBatch(plan, kernels, batch));
    const shape = [batch.size, plan.length];
    const ids = await mpc.input(shape);
    const keep = await mpc.input(shape);
    const logits = await bert(mpc, plan.model, weights, functionsOf(plan), ids, keep);
    await mpc.revealToOwner(logits, 'clear run');
    const revealed = results[index];
    if (revealed !== undefined) await args.onLogits?.(index, revealed);
  }
  return results;
}

function functionsOf(plan: Plan): BertFunctions {
  return {
    gelu: geluFunctions[plan.approximations.gelu],
    softmax: softmaxFunctions[plan.approximations.softmax],
  };
}

function encodeRecipe(
  plan: Plan,
  kernels: Kernels,
  weights: Weights,
  recipe: WeightRecipe,
): Tensor {
  return encodeTensor(kernels, plan.ring, readWeight(weights, recipe), recipe.shape);
}

/** Ids and mask as ring integers, without fraction bits. */
function encodeBatch(plan: Plan, kernels: Kernels, batch: Batch): Tensor[] {
  const shape = [batch.size, plan.length];
  return [batch.ids, batch.mask].map((values) =>
    encodeTensor(kernels, plan.ring, values, shape, 0),
  );
}

/** Stands where the owner holds no share. */
function placeholder(shape: Shape): AShare {
  return { domain: 'arithmetic', shape };
}

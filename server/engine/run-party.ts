/**
 * One compute party, from key agreement to the last reveal. One session: keys are agreed, the owner
 * shares the weights once (setup), then any number of inferences follow; each is prepared by the
 * dealer where there is one (offline), starts when its inputs arrive and ends when the logits have
 * been sent (online).
 */
import { AnnouncedOpenings } from './announced-openings.ts';
import { rootBranch } from './branch.ts';
import type { Channel, PartyId } from './channel.ts';
import type { DealtAhead } from './correlations/dealt-ahead.ts';
import { receiveCorrections, startTogether } from './correlations/delivery.ts';
import { dealtCorrelations, firstPartyCorrelations } from './correlations/source.ts';
import { memoryCorrections, type CorrectionStore } from './correlations/store.ts';
import { EngineError } from './errors.ts';
import { agreeKeys } from './keys.ts';
import { lengthsOf } from './models/lengths.ts';
import { modelOf } from './models/registry.ts';
import type { Plan } from './plan.ts';
import { correlationsOf, createProtocol, ownerSideOf, partiesOf } from './protocols/registry.ts';
import { linesOfSteps } from './protocols/variant-steps.ts';
import type { Kernels } from './ring/kernels.ts';
import { Session } from './session.ts';
import { SessionBook } from './session-book.ts';
import type { PartyTrace } from './trace.ts';

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
  /** Public length of each inference, in order, where they differ; absent: the plan's. */
  readonly lengths?: readonly number[] | undefined;
  readonly insecureSeed: string | null;
  /** Where party 0 keeps what the dealer sends until it is used; default: in memory. */
  readonly corrections?: CorrectionStore;
  /** What was dealt ahead of time, see `executePartyOffline`; then no dealer takes part. */
  readonly dealt?: DealtAhead;
  readonly onProgress?: (progress: PartyProgress) => void;
  /**
   * Each trace as soon as it is closed. When the party fails or is aborted, last of all the trace of
   * what it was at, cut short there; none when that happens before keys were agreed.
   */
  readonly onTrace?: (trace: PartyTrace) => void;
  /** Called when this party has sent all that it can, before it waits: the moment to tidy up. */
  readonly onIdle?: () => void;
  readonly signal?: AbortSignal;
}

/**
 * Traces: first of the setup, then one per inference. Rejects with `EngineError` ('channel',
 * 'protocol', 'aborted') when anything goes wrong.
 */
export async function executeParty(args: PartyArguments): Promise<PartyTrace[]> {
  const { plan, party, channel, kernels, batchSizes, insecureSeed, signal } = args;
  const lengthAt = lengthsOf(plan, batchSizes.length, args.lengths);
  const parties = partiesOf(plan.variant);
  const correlations = correlationsOf(plan);
  // Burnt before the first use: whatever happens from here on, no other session may have them.
  const dealt = args.dealt?.claim();
  const corrections = dealt?.corrections ?? args.corrections ?? memoryCorrections();
  let inference = -1;
  const watcher =
    plan.variant === 'clear'
      ? undefined
      : new AnnouncedOpenings(plan.variant, party, linesOfSteps(plan));
  const session = new Session({
    channel,
    kernels,
    ring: plan.ring,
    party,
    parties,
    correlations:
      correlations === null
        ? undefined
        : correlations === 'dealer'
          ? dealtCorrelations(party, plan.ring.bits, corrections)
          : firstPartyCorrelations(party, kernels, plan.ring.bits),
    onPlace: (path) => {
      if (signal?.aborted === true) throw new EngineError('aborted', 'the run was cancelled');
      const { bytesSent } = session.ledger;
      args.onProgress?.({ inference, path, bytesSent, rounds: root.depth });
    },
    onIdle: args.onIdle,
    watcher,
  });
  const book = new SessionBook(party, session.ledger);
  const { components } = ownerSideOf(plan.variant);
  const generators = await agreeKeys({
    channel,
    kernels,
    self: party,
    parties,
    components,
    correlations,
    insecureSeed,
    dealt,
  });
  const root = rootBranch(generators);
  const traces: PartyTrace[] = [];
  const close = (): void => {
    const trace = book.close(root.depth);
    traces.push(trace);
    args.onTrace?.(trace);
  };
  try {
    const mpc = createProtocol(plan, session, root);
    const model = modelOf(plan);
    const infer = await model.load(({ shape }) => mpc.at('weights').weight(shape));
    close();

    for (const [index, size] of batchSizes.entries()) {
      inference = index;
      if (correlations === 'dealer' && dealt === undefined) {
        book.begin('offline');
        const { channel: recorded, ledger } = session;
        if (party === 0) await receiveCorrections(recorded, corrections, ledger, signal);
        await startTogether(recorded, party, ledger);
        book.endOffline();
      }
      book.begin('online');
      book.dealtBefore(dealt?.offlineMs[index] ?? null);
      root.depth = 0;
      root.turn = 0;
      const inputs = [];
      for (const { shape } of model.inputs(size, lengthAt(index))) {
        inputs.push(await mpc.at('input').input(shape));
      }
      book.restart();
      const logits = await infer(mpc, inputs);
      // Nothing is revealed by a party that has seen what nobody announced.
      watcher?.settle(session.mailbox.unread());
      const reason = 'output of the model, for the owner of the input';
      await mpc.at('reveal').revealToOwner(logits, reason);
      session.mailbox.flush();
      close();
    }
    if (corrections.left > 0) {
      throw new EngineError('protocol', `correlations: ${corrections.left} were left unused`);
    }
    return traces;
  } catch (error) {
    close();
    throw error;
  }
}

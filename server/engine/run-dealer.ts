/**
 * The dealer: walks through the public plan on shapes alone, and for every operation makes the
 * correlations that the parties will use there. It sees neither weights nor inputs nor anything that
 * is opened; it must not pool what it knows with a party.
 */
import type { Channel } from './channel.ts';
import { tagOf } from './correlations/correlation.ts';
import { Dealing, type DealerStreams } from './correlations/deal.ts';
import { CorrectionSender } from './correlations/delivery.ts';
import { ShapeProtocol, type ChargeEntry } from './cost/shape-protocol.ts';
import { EngineError } from './errors.ts';
import type { Branch, Holder } from './branch.ts';
import { agreeDealerKeys } from './keys.ts';
import { Ledger } from './ledger.ts';
import { lengthsOf } from './models/lengths.ts';
import { modelOf } from './models/registry.ts';
import type { Plan } from './plan.ts';
import type { CostModel, CostQuery } from './protocols/schedule.ts';
import { correlationsOf, costModelOf, partiesOf } from './protocols/registry.ts';
import type { Kernels } from './ring/kernels.ts';
import type { Prg } from './ring/prg.ts';
import { SessionBook } from './session-book.ts';
import { recordedChannel } from './timeline.ts';
import type { PartyTrace } from './trace.ts';

export interface DealerArguments {
  readonly plan: Plan;
  readonly channel: Channel;
  readonly kernels: Kernels;
  readonly batchSizes: readonly number[];
  /** Public length of each inference, in order, where they differ; absent: the plan's. */
  readonly lengths?: readonly number[] | undefined;
  readonly insecureSeed: string | null;
  readonly onTrace?: (trace: PartyTrace) => void;
  readonly signal?: AbortSignal;
}

/** Traces: first of the setup, then one per inference. Rejects with `EngineError` as parties do. */
export async function executeDealer(args: DealerArguments): Promise<PartyTrace[]> {
  const { plan, channel, kernels, signal } = args;
  if (correlationsOf(plan) !== 'dealer') {
    throw new EngineError('plan', `${plan.variant} with these correlations has no dealer`);
  }
  const lengthAt = lengthsOf(plan, args.batchSizes.length, args.lengths);
  const parties = partiesOf(plan.variant);
  const ledger = new Ledger();
  const book = new SessionBook('dealer', ledger);
  const generators = await agreeDealerKeys({
    channel,
    kernels,
    parties,
    correlations: 'dealer',
    insecureSeed: args.insecureSeed,
  });
  const dealing = new Dealing(kernels, plan.ring.bits);
  const sender = new CorrectionSender(recordedChannel(channel, ledger.timeline), ledger);
  const traces: PartyTrace[] = [];
  const close = (): void => {
    const trace = book.close(0);
    traces.push(trace);
    args.onTrace?.(trace);
  };
  // Free parts are drawn where the parties draw them: on the branch of the operation.
  const deal = ({ path, query, branch }: ChargeEntry): void => {
    if (signal?.aborted === true) throw new EngineError('aborted', 'the run was cancelled');
    if (model.correlations(query).length === 0) return;
    ledger.charge(path, 'local', 'computeMs');
    ledger.call(path, query.op, query.elements);
    const bytes = dealEntry(model, dealing, sender, query, branch);
    if (bytes > 0) ledger.sent(path, query.op, 0, bytes);
    ledger.charge(path, query.op, 'computeMs');
  };
  const model = costModelOf(plan, plan.ring.bits);
  const walk = ShapeProtocol.start(model, plan.ring, deal, {
    generators,
    afterCharge: () => sender.flow(),
  });
  const program = modelOf(plan);
  try {
    const infer = await program.load(({ shape }) => walk.at('weights').weight(shape));
    close();
    for (const [index, size] of args.batchSizes.entries()) {
      await sender.awaitRequest();
      book.begin('offline');
      const mpc = walk.restarted();
      const shares = [];
      for (const { shape } of program.inputs(size, lengthAt(index))) {
        shares.push(await mpc.at('input').input(shape));
      }
      await infer(mpc, shares);
      await sender.end();
      close();
    }
    return traces;
  } catch (error) {
    close();
    throw error;
  }
}

/** Makes and sends what one operation uses up; returns the bytes sent. */
export function dealEntry(
  model: CostModel,
  dealing: Dealing,
  sender: CorrectionSender,
  query: CostQuery,
  branch: Branch,
): number {
  let bytes = 0;
  for (const correlation of model.correlations(query)) {
    const correction = dealing.deal(correlation, streamsOf(branch));
    if (correction.length === 0) continue;
    sender.add(branch.route, correction, tagOf(correlation));
    bytes += correction.length;
  }
  return bytes;
}

function streamsOf(branch: Branch): DealerStreams {
  const stream = (holder: Holder): Prg => {
    const prg = branch.generators.get(holder);
    if (prg === undefined) throw new EngineError('protocol', `the dealer has no stream ${holder}`);
    return prg;
  };
  return { first: stream(0), second: stream(1), own: stream('private') };
}

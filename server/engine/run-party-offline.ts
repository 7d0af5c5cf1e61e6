/**
 * The offline phase of a whole session by itself: a party agrees on a key with the dealer and, as
 * party 0, takes all corrections. Key and corrections are kept until a session uses them up, once.
 */
import type { Channel, PartyId } from './channel.ts';
import { monotonicMs } from './clock.ts';
import { dealtOnce, type DealtAhead } from './correlations/dealt-ahead.ts';
import { receiveCorrections } from './correlations/delivery.ts';
import type { CorrectionStore } from './correlations/store.ts';
import { EngineError } from './errors.ts';
import { agreeDealtKey } from './keys.ts';
import { Ledger } from './ledger.ts';
import type { Plan } from './plan.ts';
import { correlationsOf } from './protocols/registry.ts';

export interface PartyOfflineArguments {
  readonly plan: Plan;
  readonly party: PartyId;
  /** The dealer is the only peer. */
  readonly channel: Channel;
  /** Samples of each inference of the session to come, in order. */
  readonly batchSizes: readonly number[];
  readonly insecureSeed: string | null;
  readonly corrections: CorrectionStore;
  readonly signal?: AbortSignal;
}

/** Rejects with `EngineError`: 'plan' where the plan has no dealer, 'channel', 'aborted'. */
export async function executePartyOffline(args: PartyOfflineArguments): Promise<DealtAhead> {
  const { plan, party, channel, corrections } = args;
  if (correlationsOf(plan) !== 'dealer') {
    throw new EngineError('plan', `${plan.variant} with these correlations has no dealer`);
  }
  const { key, dealing } = await agreeDealtKey(channel, party, args.insecureSeed);
  const ledger = new Ledger();
  const offlineMs: number[] = [];
  // Party 1 is sent nothing: its key makes everything.
  const inferences = party === 0 ? args.batchSizes.length : 0;
  for (let index = 0; index < inferences; index++) {
    const startedAtMs = monotonicMs();
    await receiveCorrections(channel, corrections, ledger, args.signal);
    offlineMs.push(monotonicMs() - startedAtMs);
  }
  return dealtOnce({ key, dealing, corrections, offlineMs });
}

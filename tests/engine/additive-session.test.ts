/**
 * Whole sessions of every variant through the engine's door, with a dealer, with the insecure first
 * party, and with correlations that were dealt ahead of time: logits near the clear ones, bytes and
 * rounds as predicted, nothing used twice.
 */
import { describe, expect, test } from 'vitest';
import type { Peer } from '../../server/engine/channel.ts';
import { memoryCorrections } from '../../server/engine/correlations/store.ts';
import {
  correlationsOf,
  executeClear,
  executeDealer,
  executeOwner,
  executeParty,
  executePartyOffline,
  predictCost,
  type DealtAhead,
} from '../../server/engine/execute.ts';
import { partyIds } from '../../server/engine/keys.ts';
import type { CorrelationsId, Plan } from '../../server/engine/plan.ts';
import { partiesOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import { tinyBatch, tinyBert, tinyLength, tinyWeights } from '../support/tiny-bert.ts';

const kernels = loadKernels();
const batches = [tinyBatch(2, 'first'), tinyBatch(1, 'second')];
const batchSizes = batches.map((batch) => batch.size);
const insecureSeed = 'session';

function planOf(variant: Plan['variant'], correlations?: CorrelationsId): Plan {
  const plan: Plan = {
    variant,
    ring: { bits: 64, fractionBits: 16 },
    model: tinyBert,
    approximations: { gelu: 'puma', softmax: 'puma' },
    length: tinyLength,
  };
  return correlations === undefined ? plan : { ...plan, correlations };
}

/** One memory network; whoever fails closes its channel, so that nobody waits for it. */
function network(peers: readonly Peer[], failures: unknown[] = []) {
  const channels = memoryChannels([...peers], { receiveTimeoutMs: 5000 });
  return {
    run: async <T>(peer: Peer, body: (channel: (typeof channels)[number]) => Promise<T>) => {
      const channel = channels[peers.indexOf(peer)]!;
      try {
        return await body(channel);
      } catch (error) {
        failures.push(error);
        await channel.close(error as Error);
        throw error;
      }
    },
    close: () => Promise.all(channels.map((channel) => channel.close())),
  };
}

async function runSession(plan: Plan, dealt?: readonly DealtAhead[], failures: unknown[] = []) {
  const weights = await tinyWeights();
  const parties = partyIds(partiesOf(plan.variant));
  const withDealer = correlationsOf(plan) === 'dealer' && dealt === undefined;
  const peers: Peer[] = [...parties, 'owner'];
  if (withDealer) peers.push('dealer');
  const net = network(peers, failures);
  try {
    const [owner, dealer, traces] = await Promise.all([
      net.run('owner', (channel) =>
        executeOwner({ plan, channel, kernels, weights, batches, insecureSeed }),
      ),
      withDealer
        ? net.run('dealer', (channel) =>
            executeDealer({ plan, channel, kernels, batchSizes, insecureSeed }),
          )
        : [],
      Promise.all(
        parties.map((party) =>
          net.run(party, (channel) => {
            const ahead = dealt?.[party];
            return executeParty({
              plan,
              party,
              channel,
              kernels,
              batchSizes,
              insecureSeed,
              ...(ahead === undefined ? {} : { dealt: ahead }),
            });
          }),
        ),
      ),
    ]);
    return { logits: owner.logits, dealer, traces };
  } finally {
    await net.close();
  }
}

async function dealAhead(plan: Plan, seed: string | null = insecureSeed): Promise<DealtAhead[]> {
  const net = network([0, 1, 'dealer']);
  try {
    const [dealt] = await Promise.all([
      Promise.all(
        ([0, 1] as const).map((party) =>
          net.run(party, (channel) =>
            executePartyOffline({
              plan,
              party,
              channel,
              batchSizes,
              insecureSeed: seed,
              corrections: memoryCorrections(),
            }),
          ),
        ),
      ),
      net.run('dealer', (channel) =>
        executeDealer({ plan, channel, kernels, batchSizes, insecureSeed: seed }),
      ),
    ]);
    return dealt;
  } finally {
    await net.close();
  }
}

async function expectNearClear(plan: Plan, logits: readonly Float64Array[]): Promise<void> {
  const clear = await executeClear({ plan, kernels, weights: await tinyWeights(), batches });
  logits.forEach((values, inference) =>
    values.forEach((value, index) =>
      expect(Math.abs(value - clear[inference]![index]!)).toBeLessThan(0.01),
    ),
  );
}

const ways = variantDescriptions.flatMap(({ id, needsCorrelations }) =>
  needsCorrelations ? [planOf(id, 'dealer'), planOf(id, 'insecureFirstParty')] : [planOf(id)],
);

describe.each(ways.map((plan) => [`${plan.variant} ${plan.correlations ?? ''}`, plan] as const))(
  '%s',
  (_, plan) => {
    test('computes what clear computes and sends what was predicted', async () => {
      const { logits, dealer, traces } = await runSession(plan);
      await expectNearClear(plan, logits);
      for (const [index, size] of batchSizes.entries()) {
        const cost = await predictCost(plan, size);
        const inference = traces.map((ofParty) => ofParty[index + 1]!);
        const setup = traces.map((ofParty) => ofParty[0]!);
        expect(setup.map((trace) => trace.bytesSent.setup)).toEqual(cost.setup.bytesSent);
        expect(Math.max(...setup.map((trace) => trace.rounds.setup))).toBe(cost.setup.rounds);
        expect(inference.map((trace) => trace.bytesSent.online)).toEqual(cost.onlineBytesSent);
        expect(Math.max(...inference.map((trace) => trace.rounds.online))).toBe(cost.rounds);
        expect(dealer[index + 1]?.bytesSent.offline ?? 0).toBe(cost.dealerBytes);
        expect(cost.programRounds).toBeGreaterThanOrEqual(cost.rounds);
      }
    });
  },
);

describe('dealt ahead of time', () => {
  test.each(['additive/crypten', 'additive/semi2k', 'additive/fast'] as const)(
    '%s: the session gives the same result without a dealer, and only once',
    async (variant) => {
      const plan = planOf(variant);
      const dealt = await dealAhead(plan);
      const { logits } = await runSession(plan, dealt);
      await expectNearClear(plan, logits);
      const failures: unknown[] = [];
      await expect(runSession(plan, dealt, failures)).rejects.toThrow(
        /claimed these before|party 0/,
      );
      expect(failures.map(String).join()).toContain('a session has claimed these before');
    },
  );

  test('halves of two dealings are refused by both parties', async () => {
    const plan = planOf('additive/fast');
    const [first, second] = [await dealAhead(plan, null), await dealAhead(plan, null)];
    const failures: unknown[] = [];
    await expect(runSession(plan, [first[0]!, second[1]!], failures)).rejects.toThrow(/dealing/);
    const named = failures.map(String).filter((text) => text.includes('another dealing'));
    expect(named).toHaveLength(2);
  });
});

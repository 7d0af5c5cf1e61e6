/**
 * The engine's door: parties, dealer and owner over channels, on a small BERT with seeded weights. What
 * the parties compute is what `clear` computes, what is sent is what was predicted, and everything
 * that goes wrong ends with a named error on all sides, never with a hang or a wrong answer.
 */
import { describe, expect, test } from 'vitest';
import type { PartyId, Peer } from '../../server/engine/channel.ts';
import {
  correlationsOf,
  executeClear,
  executeDealer,
  executeOwner,
  executeParty,
  partiesOf,
  predictCost,
  type PartyArguments,
} from '../../server/engine/execute.ts';
import { EngineError } from '../../server/engine/errors.ts';
import { bertWeights } from '../../server/engine/models/bert.ts';
import type {
  ApproximationPlan,
  Batch,
  BertConfig,
  CorrelationsId,
  Plan,
  VariantId,
  Weights,
} from '../../server/engine/plan.ts';
import { memoryCorrections } from '../../server/engine/correlations/store.ts';
import { partyIds } from '../../server/engine/keys.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { PartyTrace } from '../../server/engine/trace.ts';
import { memoryChannels, type Fault } from '../../server/network/memory-channel.ts';
import { seededRandom } from '../support/random.ts';

const kernels = loadKernels();

const config: BertConfig = {
  architecture: 'bert',
  layers: 2,
  hidden: 8,
  heads: 2,
  ffn: 16,
  vocabularySize: 11,
  maxPositions: 6,
  typeVocabularySize: 2,
  labels: 3,
  layerNormEpsilon: 1e-12,
  pooling: 'cls',
};

function planOf(
  approximations: ApproximationPlan,
  pooling: 'cls' | 'mean' = 'cls',
  variant: VariantId = 'replicated/aby3',
  correlations?: CorrelationsId,
): Plan {
  return {
    variant,
    ...(correlations === undefined ? {} : { correlations }),
    ring: { bits: 64, fractionBits: variant === 'additive/crypten' ? 16 : 18 },
    model: { ...config, pooling },
    approximations,
    length: 5,
  };
}

async function seededWeights(): Promise<Weights> {
  const weights = new Map<string, { shape: number[]; data: Float32Array }>();
  await bertWeights(config, async ({ shape, from, transpose }) => {
    from.forEach((name) => {
      const random = seededRandom(name);
      const outputs = (shape.at(-1) ?? 0) / from.length;
      const own = shape.length === 1 ? [outputs] : transpose ? [outputs, shape[0]!] : [...shape];
      const norm = name.endsWith('LayerNorm.weight');
      const data = Float32Array.from({ length: own.reduce((a, b) => a * b, 1) }, () =>
        norm ? 0.8 + 0.4 * random() : random() - 0.5,
      );
      weights.set(name, { shape: own, data });
    });
    return { domain: 'arithmetic', shape };
  });
  return weights;
}

function batchOf(size: number, label: string): Batch {
  const random = seededRandom(label);
  const ids = Int32Array.from({ length: size * 5 }, () => Math.floor(random() * 11));
  const mask = Uint8Array.from({ length: size * 5 }, (_, i) =>
    i % 5 < 2 || random() < 0.7 ? 1 : 0,
  );
  return { size, ids, mask };
}

const batches = [batchOf(2, 'first'), batchOf(1, 'second')];

interface RunOptions {
  faults?: (link: string, index: number, bytes: number) => Fault;
  seed?: string | null;
  party?: (
    party: PartyId,
  ) => Pick<PartyArguments, 'onTrace' | 'onProgress' | 'signal' | 'corrections'>;
  /** The dealer's plan, where it is not the parties'. */
  dealerPlan?: Plan;
  receiveTimeoutMs?: number;
}

/** What the owner, each party and, where there is one, the dealer came to, in this order. */
async function runSecure(plan: Plan, options: RunOptions = {}) {
  const weights = await seededWeights();
  const ids = partyIds(partiesOf(plan.variant));
  const peers: Peer[] = ['owner', ...ids];
  if (correlationsOf(plan) === 'dealer') peers.push('dealer');
  const { faults, party: own, receiveTimeoutMs = 3000 } = options;
  const channels = memoryChannels(peers, {
    receiveTimeoutMs,
    ...(faults === undefined
      ? {}
      : {
          faults: ({ from, to, index, payloadBytes }) =>
            faults(`${from}>${to}`, index, payloadBytes),
        }),
  });
  const insecureSeed = options.seed === undefined ? 'test' : options.seed;
  const batchSizes = batches.map((batch) => batch.size);
  const run = async (role: Peer) => {
    const channel = channels[peers.indexOf(role)]!;
    const shared = { plan, channel, kernels, insecureSeed };
    try {
      if (role === 'owner') return await executeOwner({ ...shared, weights, batches });
      if (role === 'dealer') {
        return await executeDealer({ ...shared, batchSizes, plan: options.dealerPlan ?? plan });
      }
      return await executeParty({ ...shared, party: role, batchSizes, ...own?.(role) });
    } catch (error) {
      await channel.close(error as Error);
      throw error;
    }
  };
  try {
    return await Promise.allSettled(peers.map(run));
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
}

/** The owner's result and the traces of the parties, then of the dealer. */
async function succeeded(plan: Plan, options: RunOptions = {}) {
  const [owner, ...others] = (await runSecure(plan, options)).map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  if (owner === undefined || Array.isArray(owner)) throw new Error('the owner left no logits');
  const roles = others.map((traces) => {
    if (!Array.isArray(traces)) throw new Error('a role left no traces');
    return traces;
  });
  const parties = partiesOf(plan.variant);
  return { owner, traces: roles.slice(0, parties), dealer: roles[parties] };
}

describe('a secure run', () => {
  const plans = [
    ['puma', planOf({ gelu: 'puma', softmax: 'puma' })],
    ['puma, mean pooling', planOf({ gelu: 'puma', softmax: 'puma' }, 'mean')],
    ['series', planOf({ gelu: 'tanh-series', softmax: 'series' })],
    ['quad and 2quad', planOf({ gelu: 'quad', softmax: '2quad' })],
    ['crypten', planOf({ gelu: 'tanh-series', softmax: 'series' }, 'cls', 'additive/crypten')],
    [
      'crypten, insecure first party',
      planOf({ gelu: 'quad', softmax: '2quad' }, 'cls', 'additive/crypten', 'insecureFirstParty'),
    ],
    ['semi2k', planOf({ gelu: 'puma', softmax: 'puma' }, 'cls', 'additive/semi2k')],
    ['fast, two parties', planOf({ gelu: 'puma', softmax: 'puma' }, 'mean', 'additive/fast')],
    [
      'fast, two parties, insecure first party',
      planOf({ gelu: 'puma', softmax: 'puma' }, 'cls', 'additive/fast', 'insecureFirstParty'),
    ],
  ] as const;

  test.each(plans)('%s: logits as in the clear, cost as predicted', async (_, plan) => {
    const weights = await seededWeights();
    const { owner, traces, dealer } = await succeeded(plan);
    const clear = await executeClear({ plan, kernels, weights, batches });
    owner.logits.forEach((logits, inference) => {
      expect(logits).toHaveLength(batches[inference]!.size * config.labels);
      logits.forEach((value, index) => {
        expect(Math.abs(value - clear[inference]![index]!)).toBeLessThan(0.01);
      });
    });

    for (const [inference, batch] of batches.entries()) {
      const predicted = await predictCost(plan, batch.size);
      const measured = traces.map((trace) => trace[inference + 1]!);
      expect(measured.map((trace) => trace.bytesSent.online)).toEqual(predicted.onlineBytesSent);
      expect(Math.max(...measured.map((trace) => trace.rounds.online))).toBe(predicted.rounds);
      const dealt = dealer?.[inference + 1];
      expect(dealt?.bytesSent.offline ?? 0).toBe(predicted.dealerBytes);
      expect(dealer === undefined).toBe(correlationsOf(plan) !== 'dealer');
      for (const row of predicted.rows) {
        const bytes = measured.map((trace) =>
          trace.rows
            .filter((r) => r.path === row.path && r.op === row.op)
            .flatMap((r) => Object.entries(r.bytesSentTo))
            .filter(([peer]) => peer !== 'owner')
            .reduce((sum, [, sent]) => sum + sent, 0),
        );
        expect(bytes, `${row.path} ${row.op}`).toEqual(row.bytesSent);
        const fromDealer = (dealt?.rows ?? [])
          .filter((r) => r.path === row.path && r.op === row.op)
          .reduce((sum, r) => sum + (r.bytesSentTo[0] ?? 0), 0);
        expect(fromDealer, `dealer, ${row.path} ${row.op}`).toBe(row.dealerBytes);
      }
    }
  });

  test('fixed point in the clear stays close to float functions', async () => {
    const weights = await seededWeights();
    const exact = planOf({ gelu: 'exact-float', softmax: 'exact-float' });
    const series = planOf({ gelu: 'tanh-series', softmax: 'series' });
    const [a, b] = [exact, series].map((plan) => executeClear({ plan, kernels, weights, batches }));
    const [one, other] = [await a!, await b!];
    one.forEach((logits, i) =>
      logits.forEach((value, j) => expect(Math.abs(value - other[i]![j]!)).toBeLessThan(0.02)),
    );
  });

  test('hands over each trace when it is closed', async () => {
    const handed: PartyTrace[] = [];
    const [, first] = await runSecure(planOf({ gelu: 'quad', softmax: '2quad' }), {
      party: (party) => (party === 0 ? { onTrace: (trace) => void handed.push(trace) } : {}),
    });
    expect(first).toEqual({ status: 'fulfilled', value: handed });
    expect(handed).toHaveLength(1 + batches.length);
  });

  test('reveals the logits and nothing else', async () => {
    const { traces } = await succeeded(planOf({ gelu: 'puma', softmax: 'puma' }));
    for (const trace of traces) {
      const reveals = trace.flatMap((part) => part.reveals);
      expect(reveals.map(({ path, to, shape }) => ({ path, to, shape }))).toEqual([
        { path: 'reveal', to: 'owner', shape: [2, 3] },
        { path: 'reveal', to: 'owner', shape: [1, 3] },
      ]);
    }
  });

  test('booked time adds up to the wall time', async () => {
    const { traces } = await succeeded(planOf({ gelu: 'quad', softmax: '2quad' }));
    for (const trace of traces.flat().filter((part) => part.bytesSent.online > 0)) {
      const booked = trace.rows.reduce((sum, row) => sum + row.computeMs + row.waitMs, 0);
      const wall = trace.endedAtMs - trace.startedAtMs;
      expect(booked).toBeCloseTo(wall, 3);
    }
  });

  test('random keys give the same answer as seeded ones', async () => {
    const plan = planOf({ gelu: 'quad', softmax: '2quad' });
    const seeded = await succeeded(plan);
    const random = await succeeded(plan, { seed: null });
    random.owner.logits
      .flatMap((logits) => [...logits])
      .forEach((value, index) => {
        const other = seeded.owner.logits.flatMap((logits) => [...logits])[index]!;
        expect(Math.abs(value - other)).toBeLessThan(0.01);
      });
  });
});

describe('a run that goes wrong ends with a named error everywhere', () => {
  const plan = planOf({ gelu: 'quad', softmax: '2quad' });

  test.each([
    ['a corrupted frame', 'corrupt'],
    ['frames out of order', 'reorder'],
    ['a lost frame', 'drop'],
    ['a party that vanishes in mid-frame', 'vanish'],
    ['a link that stalls', 'stall'],
  ] as const)(
    '%s',
    async (_, fault) => {
      const results = await runSecure(plan, {
        faults: (link, index) => (link === '1>0' && index === 40 ? fault : 'deliver'),
      });
      for (const result of results) {
        expect(result.status).toBe('rejected');
        if (result.status === 'rejected') {
          expect(String(result.reason)).toMatch(/EngineError|closed|party|peer/i);
        }
      }
    },
    20_000,
  );

  test('a party that is aborted says so, and keeps the trace of what it was at', async () => {
    const stop = new AbortController();
    const kept: PartyTrace[][] = [[], [], []];
    const results = await runSecure(plan, {
      party: (party) => ({
        signal: stop.signal,
        onTrace: (trace) => void kept[party]!.push(trace),
        onProgress: ({ inference, path }) => {
          if (party === 1 && inference === 1 && path.startsWith('layer1')) stop.abort();
        },
      }),
    });
    const reasons = results.slice(1).map((result) => result.status === 'rejected' && result.reason);
    expect(reasons).toContainEqual(new EngineError('aborted', 'the run was cancelled'));
    for (const traces of kept) {
      const [setup, first, cut] = traces;
      expect(traces).toHaveLength(3);
      expect(setup!.rounds.online).toBe(0);
      expect(first!.reveals).toHaveLength(1);
      expect(cut!.reveals).toEqual([]);
      expect(cut!.bytesSent.online).toBeGreaterThan(0);
      expect(cut!.bytesSent.online).toBeLessThan(first!.bytesSent.online);
    }
  });

  const additive = planOf({ gelu: 'quad', softmax: '2quad' }, 'cls', 'additive/fast');
  const messages = (results: readonly PromiseSettledResult<unknown>[]) =>
    results.map((result) => {
      expect(result.status).toBe('rejected');
      const reason: unknown = result.status === 'rejected' ? result.reason : undefined;
      expect(reason).toBeInstanceOf(EngineError);
      return (reason as EngineError).message;
    });

  test.each([
    ['a corrupted frame', 'corrupt', /the dealer sent frame \d+ with a corrupted payload/],
    ['frames out of order', 'reorder', /the dealer sent frame \d+ in place of frame \d+/],
    ['a lost frame', 'drop', /the dealer sent frame \d+ in place of frame \d+/],
    ['that it vanishes in mid-frame', 'vanish', /the dealer (is gone|closed the connection)/],
    ['that it stops', 'stall', /nothing came from (the dealer|party \d) in 500 ms/],
  ] as const)('a dealer, by %s: everybody hears of it', async (_, fault, named) => {
    const results = await runSecure(additive, {
      receiveTimeoutMs: 500,
      // After the keys: the first frames of corrections.
      faults: (link, index) => (link === 'dealer>0' && index === 1 ? fault : 'deliver'),
    });
    expect(results).toHaveLength(4);
    const said = messages(results);
    expect(said.join('\n')).toMatch(named);
    // Whoever did not see it is told by who did.
    for (const message of said) expect(message).toMatch(/the dealer|party \d/);
  });

  test('a dealer that walks through another plan: named, and no logits', async () => {
    const other = { ...additive, length: 4 };
    const results = await runSecure(additive, { dealerPlan: other, receiveTimeoutMs: 500 });
    const said = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as Error).message] : [],
    );
    expect(results[0]?.status).toBe('rejected');
    expect(results[1]?.status).toBe('rejected');
    expect(said.join('\n')).toMatch(
      /correlations: the dealer made .* both must run the same plan|correlations: none is left here/,
    );
  });

  test('every correction that was dealt is used, and once', async () => {
    const corrections = memoryCorrections();
    await succeeded(additive, { party: (party) => (party === 0 ? { corrections } : {}) });
    expect(corrections.left).toBe(0);
    expect(() => corrections.take(0, 8, 0)).toThrow(
      /each is used once, and a retry needs fresh ones/,
    );
  });

  test('what the dealer sends is new in every session', async () => {
    const deal = async (seed: string | null) => {
      const kept: string[] = [];
      const store = memoryCorrections();
      const corrections = {
        put: (route: number, bytes: Uint8Array, tag: number) => {
          if (bytes.length >= 16) kept.push(Buffer.from(bytes).toString('hex'));
          store.put(route, bytes, tag);
        },
        take: (route: number, length: number, tag: number) => store.take(route, length, tag),
        get left() {
          return store.left;
        },
      };
      await succeeded(additive, { seed, party: (party) => (party === 0 ? { corrections } : {}) });
      return kept;
    };
    const [first, second] = [await deal(null), await deal(null)];
    expect(first.length).toBeGreaterThan(50);
    expect(first.filter((record) => second.includes(record))).toEqual([]);
    // The seed is what makes them repeat, and then they all do.
    expect(await deal('a')).toEqual(await deal('a'));
  });

  test('weights that do not fit the configuration are refused before anything is shared', async () => {
    const weights = new Map(await seededWeights());
    weights.delete('classifier.weight');
    await expect(executeClear({ plan, kernels, weights, batches })).rejects.toThrow(
      'weights: classifier.weight is missing, expected [3, 8]',
    );
  });

  test('exact functions need the clear protocol', async () => {
    const results = await runSecure(planOf({ gelu: 'exact-float', softmax: 'puma' }));
    const reasons = results.map((result) =>
      result.status === 'rejected' ? String(result.reason) : '',
    );
    expect(reasons.join()).toContain('exact-float needs protocol clear');
  });
});

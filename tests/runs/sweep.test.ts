import { describe, expect, test } from 'vitest';
import { expandSweep } from '../../server/api/schemas/sweep.ts';
import { mostSweepRuns } from '../../server/api/schemas/sweep-size.ts';
import {
  changedSettings,
  customParts,
  marginBits,
  fractionBitsOf,
  variantName,
  variantSteps as offered,
} from '../../server/api/schemas/spec-steps.ts';
import { variantIds, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { variantSteps } from '../../server/engine/protocols/variant-steps.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { previewRun } from '../../server/runs/preview-run.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { sweepOfLists } from '../../server/runs/sweep-lists.ts';
import { createSweep, priceSweep } from '../../server/runs/sweep.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();

describe('a sweep', () => {
  test('is every combination, the last field of the list varying fastest', () => {
    const specs = expandSweep({
      base: smallSpec,
      axes: [
        { field: 'dataset.samples', values: [1, 2] },
        { field: 'approximations.gelu', values: ['puma', 'quad'] },
      ],
    });
    expect(
      specs.map(({ approximations, dataset }) => [approximations.gelu, dataset.samples]),
    ).toEqual([
      ['puma', 1],
      ['puma', 2],
      ['quad', 1],
      ['quad', 2],
    ]);
  });

  test('gives every variant its own fraction bits, unless others were set, and drops foreign steps', () => {
    const values = ['replicated/aby3', 'additive/crypten'];
    const base: RunSpec = {
      ...smallSpec,
      protocol: {
        variant: 'replicated/aby3',
        ring: { bits: 64, fractionBits: 18 },
        truncation: 'fused',
      },
    };
    const axes = [{ field: 'protocol.variant' as const, values }];
    expect(expandSweep({ base, axes }).map(({ protocol }) => protocol)).toEqual([
      { variant: 'replicated/aby3', ring: { bits: 64, fractionBits: 18 }, truncation: 'fused' },
      { variant: 'additive/crypten', ring: { bits: 64, fractionBits: 16 } },
    ]);
    const set = {
      ...base,
      protocol: { ...base.protocol, ring: { bits: 64 as const, fractionBits: 17 } },
    };
    expect(expandSweep({ base: set, axes })[1]?.protocol.ring.fractionBits).toBe(17);
  });

  test('is priced run by run, what is wrong beside its run', async () => {
    const sweep = {
      base: smallSpec,
      axes: [{ field: 'dataset.samples' as const, values: [1, 2, 10_000] }],
    };
    const price = await priceSweep(database.db, sweep);
    expect(price.count).toBe(3);
    expect(price.entries.map(({ issues }) => issues.length > 0)).toEqual([false, false, true]);
    const [one, two, refused] = price.entries;
    expect(two?.runMs ?? 0).toBeGreaterThan(one?.runMs ?? Infinity);
    expect(refused).toMatchObject({ latency: null, runMs: null });
    expect(price.totalMs).toBeCloseTo((one?.runMs ?? 0) + (two?.runMs ?? 0), 6);
  });

  test('is queued as a whole under one tag, or not at all', async () => {
    const queue = rememberingQueue();
    const context = { db: database.db, queue };
    const axes = [{ field: 'measurement.repeats' as const, values: [1, 2] }];
    const { tag, ids } = await createSweep(context, { base: smallSpec, axes });
    expect(ids).toHaveLength(2);
    const rows = await database.db.run.findMany({ where: { tags: { has: tag } } });
    expect(rows.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());

    const before = await database.db.run.count();
    const bad = [{ field: 'measurement.repeats' as const, values: [1, 99] }];
    await expect(createSweep(context, { base: smallSpec, axes: bad })).rejects.toThrow(
      /run 2 of 2: .*99.*Nothing was queued/s,
    );
    expect(await database.db.run.count()).toBe(before);
  });

  test('above the cap is refused with the number and what to do', async () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    const axes = [
      { field: 'dataset.samples' as const, values },
      { field: 'measurement.repeats' as const, values },
    ];
    await expect(priceSweep(database.db, { base: smallSpec, axes })).rejects.toThrow(
      new RegExp(`400 runs.*at most ${mostSweepRuns}`),
    );
  });
});

const additive: RunSpec = {
  ...smallSpec,
  protocol: { variant: 'additive/semi2k', ring: { bits: 64, fractionBits: 18 } },
  network: { name: 'own', backend: 'inline', bitsPerSecond: 1e10, rttMs: 4, topology: 'pair' },
};

describe('a sweep of a file', () => {
  test('is a spec in which fields are lists, all others of the first values', () => {
    const network = { ...smallSpec.network, rttMs: 40 };
    const { base, axes } = sweepOfLists({
      ...smallSpec,
      network: [smallSpec.network, network],
      dataset: { ...smallSpec.dataset, samples: [1, 2] },
    });
    expect(base).toEqual({ ...smallSpec, dataset: { ...smallSpec.dataset, samples: 1 } });
    expect(axes).toEqual([
      { field: 'network', values: [smallSpec.network, network] },
      { field: 'dataset.samples', values: [1, 2] },
    ]);
    expect(sweepOfLists(smallSpec)).toEqual({ base: smallSpec, axes: [] });
    expect(sweepOfLists({ base: smallSpec, axes })).toEqual({ base: smallSpec, axes });
  });

  test('takes a list in every field of which there is more than one, and each run is a spec', async () => {
    const row = { gelu: 'quad', softmax: '2quad' };
    const lists: Readonly<Record<string, readonly unknown[]>> = {
      'approximations.layerNorm': ['exact', 'linear'],
      'approximations.layers': [
        [row, row],
        [row, { gelu: 'puma', softmax: 'puma' }],
      ],
      'protocol.correlations': ['dealer', 'insecureFirstParty'],
      'protocol.ring.fractionBits': [16, 17],
      'network.rttMs': [0, 20],
      'network.bitsPerSecond': [1e9, 1e8],
      'network.topology': ['pair', 'nic'],
      'network.overhead': [1, 1.1],
      length: ['hidden', 'public'],
      seed: [{ kind: 'random' }, { kind: 'insecure', value: 'a' }],
    };
    for (const [field, values] of Object.entries(lists)) {
      const spec = structuredClone(additive) as unknown as Record<string, never>;
      const path = field.split('.');
      let place: Record<string, unknown> = spec;
      for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
      place[path.at(-1) ?? ''] = values;
      const { base, axes } = sweepOfLists(spec);
      expect(axes).toEqual([{ field, values }]);
      const specs = expandSweep({ base: base as RunSpec, axes });
      expect(specs, field).toHaveLength(2);
      for (const one of specs) expect((await checkSpec(one)).issues, field).toEqual([]);
      expect(new Set(specs.map((one) => hashSpec(one).hash)).size, field).toBe(2);
    }
  });

  test('a link that differs from its profile does not go by its name', () => {
    const network = { ...smallSpec.network, name: 'lan-1g', rttMs: 1, bitsPerSecond: 1e9 };
    const input = {
      ...smallSpec,
      network: { ...network, rttMs: [1, 40], bitsPerSecond: [1e9, 1e8] },
    };
    const { base, axes } = sweepOfLists(input);
    const names = expandSweep({ base: base as RunSpec, axes }).map((spec) => spec.network.name);
    expect(names).toEqual([
      'lan-1g',
      'lan-1g, 40 ms',
      'lan-1g, 100 Mbit/s',
      'lan-1g, 100 Mbit/s, 40 ms',
    ]);
  });

  test('layers and heads are one value as they are, and several one level deeper', () => {
    const row = { gelu: 'quad', softmax: '2quad' };
    const heads = [['softmax', 'scale']];
    const of = (approximations: object) =>
      sweepOfLists({
        ...smallSpec,
        approximations: { ...smallSpec.approximations, ...approximations },
      });
    expect(of({ layers: [row, row], heads }).axes).toEqual([]);
    expect(of({ layers: [[row], [row]] }).axes[0]?.field).toBe('approximations.layers');
    expect(of({ heads: [heads, heads] }).axes[0]?.field).toBe('approximations.heads');
  });

  test('is refused with the field where a list is empty or an axis unknown', () => {
    expect(() => sweepOfLists({ ...smallSpec, sequenceLength: [] })).toThrow(
      /sequenceLength.*empty list/,
    );
    const axes = [{ field: 'shoes', values: [1] }];
    expect(() => sweepOfLists({ base: smallSpec, axes })).toThrow(/field is one of model/);
  });
});

describe('a custom variant', () => {
  test('has the steps that the engine has, and its name says what differs', () => {
    for (const id of variantIds) expect(offered[id]).toEqual(variantSteps[id]);
    const protocol = {
      variant: 'additive/crypten',
      ring: { bits: 64, fractionBits: 18 },
      truncation: 'pair',
    } as const;
    expect(variantName(protocol)).toBe(
      'additive/crypten with 18 fraction bits, truncation with a dealt pair',
    );
    const own = { variant: 'additive/crypten', ring: { bits: 64, fractionBits: 16 } } as const;
    expect(customParts(own)).toEqual([]);
    expect(fractionBitsOf('additive/crypten')).toBe(16);
  });

  test('who deals is a setting too, and only the others make a mixture that nobody published', () => {
    const protocol = {
      variant: 'additive/semi2k',
      correlations: 'insecureFirstParty',
      ring: { bits: 64, fractionBits: 18 },
    } as const;
    expect(variantName(protocol)).toBe('additive/semi2k with party 0 dealing to itself');
    expect(changedSettings(protocol)).toEqual([]);
    // A product of two values fits below 2^63 with twice the fraction bits.
    expect(marginBits(18, 2 ** 20)).toBe(7);
    expect(marginBits(18, 2 ** 28)).toBe(-1);
  });

  test('a step that is the variant’s own does not change the hash, another one does', () => {
    const spec = (truncation?: 'separate' | 'fused'): RunSpec => ({
      ...smallSpec,
      protocol: {
        variant: 'replicated/aby3',
        ring: { bits: 64, fractionBits: 18 },
        ...(truncation === undefined ? {} : { truncation }),
      },
    });
    expect(hashSpec(spec('separate')).hash).toBe(hashSpec(spec()).hash);
    expect(hashSpec(spec('fused')).hash).not.toBe(hashSpec(spec()).hash);
  });

  test('is priced with its own steps', async () => {
    const protocol = { variant: 'replicated/aby3', ring: { bits: 64, fractionBits: 18 } } as const;
    const own = await previewRun(database.db, { ...smallSpec, protocol });
    const fused = await previewRun(database.db, {
      ...smallSpec,
      protocol: { ...protocol, truncation: 'fused' },
    });
    expect(fused.prediction?.rounds ?? Infinity).toBeLessThan(own.prediction?.rounds ?? 0);
    expect(own.latency?.low80 ?? 0).toBeLessThan(own.latency?.high80 ?? 0);
    expect(own.runMs ?? 0).toBeGreaterThan(own.latency?.onlineMs ?? Infinity);
    expect(own.byOperation.reduce((sum, { bytesSent }) => sum + bytesSent, 0)).toBe(
      own.prediction?.onlineBytesSent.reduce((sum, bytes) => sum + bytes, 0),
    );
  });

  test('refuses what the variant cannot have, with the reason', async () => {
    const protocol = {
      variant: 'additive/fast',
      ring: { bits: 64, fractionBits: 18 },
      truncation: 'local',
    };
    const { issues } = await checkSpec({ ...smallSpec, protocol });
    expect(issues).toMatchObject([
      { field: 'protocol.truncation', value: '"local"', fix: 'Use pair, or leave it out.' },
    ]);
  });
});

describe('painting', () => {
  const vit = {
    ...smallSpec,
    model: 'vit_7_4_32',
    dataset: { id: 'random', samples: 1 },
    sequenceLength: 65,
    measurement: { batchSize: 1, repeats: 1 },
  };
  const heads = (kind: 'softmax' | 'scale', layers = 7) =>
    Array.from({ length: layers }, () => Array<typeof kind>(4).fill(kind));

  test('heads of ViT-Lite change the price', async () => {
    const price = async (kind: 'softmax' | 'scale') =>
      previewRun(database.db, {
        ...vit,
        approximations: { gelu: 'quad', softmax: 'puma', heads: heads(kind) },
      });
    const [softmax, scale] = [await price('softmax'), await price('scale')];
    expect(softmax.issues).toEqual([]);
    expect(scale.prediction?.rounds ?? Infinity).toBeLessThan(softmax.prediction?.rounds ?? 0);
  });

  test('heads that the model does not have, or cannot have, are refused by name', async () => {
    const approximations = { gelu: 'quad', softmax: 'puma', heads: heads('scale', 3) };
    const few = await checkSpec({ ...vit, approximations });
    expect(few.issues).toMatchObject([
      { field: 'approximations.heads', fix: 'List 7 layers with 4 heads each.' },
    ]);
    const text = await checkSpec({ ...smallSpec, approximations });
    expect(text.issues.map(({ field }) => field)).toEqual(['approximations.heads']);
  });

  test('layers that differ change the price, layers alike not even the hash', async () => {
    const { approximations } = smallSpec;
    const row = { gelu: approximations.gelu, softmax: approximations.softmax };
    const alike = { ...smallSpec, approximations: { ...approximations, layers: [row, row] } };
    expect(hashSpec(alike).hash).toBe(hashSpec(smallSpec).hash);
    const layers = [row, { gelu: 'tanh-series' as const, softmax: 'series' as const }];
    const mixed = await previewRun(database.db, {
      ...smallSpec,
      approximations: { ...approximations, layers },
    });
    const same = await previewRun(database.db, smallSpec);
    expect(mixed.issues).toEqual([]);
    expect(mixed.prediction?.rounds ?? 0).toBeGreaterThan(same.prediction?.rounds ?? Infinity);
    const { issues } = await checkSpec({
      ...smallSpec,
      approximations: { ...approximations, layers: [row] },
    });
    expect(issues).toMatchObject([{ field: 'approximations.layers', fix: /List 2/ }]);
  });
});

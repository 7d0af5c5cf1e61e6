import { describe, expect, test } from 'vitest';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { createRun, requeueForgotten } from '../../server/runs/create-run.ts';
import { queueFirstRun } from '../../server/runs/first-run.ts';
import { previewRun } from '../../server/runs/preview-run.ts';
import { RunError } from '../../server/runs/errors.ts';
import { listPresets } from '../../server/runs/presets.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { backgroundRank } from '../../server/runs/turns.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

const database = useDatabase();
const { dataset, network, measurement, protocol } = smallSpec;

const refusals: readonly [string, unknown, { field: string; value: string; fix: RegExp }][] = [
  ['no spec', 7, { field: 'spec', value: '7', fix: /type object/ }],
  [
    'unknown model',
    { ...smallSpec, model: 'gpt-9' },
    { field: 'model', value: '"gpt-9"', fix: /minilm-2l-imdb/ },
  ],
  [
    'path instead of a model',
    { ...smallSpec, model: '../../etc' },
    { field: 'model', value: '"../../etc"', fix: /minilm-2l-imdb/ },
  ],
  [
    'unknown data set',
    { ...smallSpec, dataset: { ...dataset, id: 'cifar' } },
    { field: 'dataset.id', value: '"cifar"', fix: /imdb-heldout/ },
  ],
  [
    'no samples',
    { ...smallSpec, dataset: { ...dataset, samples: 0 } },
    { field: 'dataset.samples', value: '0', fix: /at least 1/ },
  ],
  [
    'a million samples',
    { ...smallSpec, dataset: { ...dataset, samples: 1_000_000 } },
    { field: 'dataset.samples', value: '1000000', fix: /at most 500/ },
  ],
  [
    'half a sample',
    { ...smallSpec, dataset: { ...dataset, samples: 1.5 } },
    { field: 'dataset.samples', value: '1.5', fix: /./ },
  ],
  [
    "longer than the model's",
    { ...smallSpec, sequenceLength: 128 },
    { field: 'sequenceLength', value: '128', fix: /at most 64/ },
  ],
  [
    'unknown approximation',
    { ...smallSpec, approximations: { gelu: 'swish', softmax: 'puma' } },
    { field: 'approximations.gelu', value: '"swish"', fix: /"puma"/ },
  ],
  [
    'unknown variant',
    { ...smallSpec, protocol: { ...protocol, variant: 'additive/cheetah' } },
    { field: 'protocol.variant', value: '"additive/cheetah"', fix: /"additive\/semi2k"/ },
  ],
  [
    'the protocol of the clear',
    { ...smallSpec, protocol: { ...protocol, variant: 'clear' } },
    { field: 'protocol.variant', value: '"clear"', fix: /"replicated\/aby3"/ },
  ],
  [
    'a dealer where nobody needs one',
    { ...smallSpec, protocol: { ...protocol, correlations: 'dealer' } },
    {
      field: 'protocol.correlations',
      value: '"dealer"',
      fix: /^Remove correlations, or use an additive/,
    },
  ],
  [
    'correlations from nowhere',
    {
      ...smallAdditiveSpec,
      protocol: { ...smallAdditiveSpec.protocol, correlations: 'secondParty' },
    },
    { field: 'protocol.correlations', value: '"secondParty"', fix: /"insecureFirstParty"/ },
  ],
  [
    'ring of 32 bits',
    { ...smallSpec, protocol: { ...protocol, ring: { bits: 32, fractionBits: 18 } } },
    { field: 'protocol.ring.bits', value: '32', fix: /64/ },
  ],
  [
    'a link that is too slow to be one',
    { ...smallSpec, network: { ...network, backend: 'inline', bitsPerSecond: 1 } },
    { field: 'network.bitsPerSecond', value: '1', fix: /at least 10000/ },
  ],
  [
    'batches of a thousand',
    { ...smallSpec, measurement: { ...measurement, batchSize: 1000 } },
    { field: 'measurement.batchSize', value: '1000', fix: /at most 16/ },
  ],
  [
    'an unknown field',
    { ...smallSpec, fast: true },
    { field: 'spec', value: '', fix: /Remove fast/ },
  ],
];

describe('refused before queueing', () => {
  test.each(refusals)('%s', async (_, spec, { field, value, fix }) => {
    const queue = rememberingQueue();
    const error = await createRun({ db: database.db, queue }, spec, 'web').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RunError);
    const issue = (error as RunError).issues.find((candidate) => candidate.field === field);
    expect(issue, JSON.stringify((error as RunError).issues)).toBeDefined();
    expect(issue?.fix).toMatch(fix);
    if (value !== '') expect(issue?.value).toBe(value);
    expect((error as RunError).message).toContain(field);
    expect(queue.jobs).toEqual([]);
    expect(await database.db.run.count()).toBe(0);
  });
});

describe('accepted', () => {
  test('the first start queues one run of four samples, once', async () => {
    const queue = rememberingQueue();
    const id = await queueFirstRun({ db: database.db, queue });
    expect(queue.jobs).toEqual([{ runId: id, rank: backgroundRank }]);
    expect(await queueFirstRun({ db: database.db, queue })).toBeNull();
    const row = await database.db.run.findUniqueOrThrow({
      where: { id: id ?? '' },
      include: { spec: true },
    });
    expect(JSON.parse(row.spec.canonical)).toMatchObject({ dataset: { samples: 4 } });
  });

  test('two runs of one spec share its row', async () => {
    const queue = rememberingQueue();
    const context = { db: database.db, queue };
    const [a, b] = [
      await createRun(context, smallSpec, 'web'),
      await createRun(context, smallSpec, 'cli'),
    ];
    expect(a.specHash).toBe(hashSpec(smallSpec).hash);
    expect(b.specHash).toBe(a.specHash);
    expect(a.spec).toEqual(smallSpec);
    expect(await database.db.spec.count({ where: { hash: a.specHash } })).toBe(1);
    expect(queue.jobs.map(({ runId }) => runId)).toEqual([a.id, b.id]);
  });

  test('a row whose job was never made is queued when a worker starts', async () => {
    await database.db.run.updateMany({ data: { createdAt: new Date(Date.now() - 60_000) } });
    const queue = rememberingQueue();
    expect(await requeueForgotten({ db: database.db, queue })).toBe(3);
    expect(queue.jobs).toHaveLength(3);
  });
});

describe('preview', () => {
  test('prices a good spec and lists what is wrong with a bad one', async () => {
    const good = await previewRun(database.db, smallSpec);
    expect(good.issues).toEqual([]);
    expect(good.prediction?.rounds).toBeGreaterThan(100);
    expect(good.prediction?.onlineBytesSent).toHaveLength(3);
    expect(good.byPlace[0]?.bytesSent).toBeGreaterThan(good.byPlace.at(-1)?.bytesSent ?? 0);
    const bad = await previewRun(database.db, { ...smallSpec, sequenceLength: 300 });
    expect(bad.prediction).toBeNull();
    expect(bad.issues).toEqual([
      { field: 'sequenceLength', message: expect.stringContaining('at most 64') as string },
    ]);
  });

  test('every preset can be run here', async () => {
    const presets = await listPresets();
    expect(presets[0]?.id).toBe('puma-minilm2-imdb-lan');
    expect(presets.length).toBeGreaterThanOrEqual(4);
    for (const { id, spec } of presets) {
      // BERT large: three times the weights of BERT base.
      const machineBytes = id.startsWith('bert-large-') ? 25.2e9 : 24e9;
      expect((await checkSpec(spec, machineBytes)).issues, id).toEqual([]);
    }
  });
});

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { verifyCertificate } from '../../server/api/schemas/link-certificate.ts';
import type { RunOrigin } from '../../server/api/schemas/run-view.ts';
import { openArtifact, readArtifact } from '../../server/runs/artifacts.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { readEvents } from '../../server/runs/events.ts';
import { executeRun, reasonOf } from '../../server/runs/execute-run.ts';
import { claimRun, requestCancel } from '../../server/runs/lifecycle.ts';
import { openQueue, type Queue } from '../../server/runs/queue.ts';
import { readCertificate } from '../../server/runs/read-certificate.ts';
import { readDetail } from '../../server/runs/views.ts';
import { startWorker } from '../../server/runs/worker.ts';
import { useDatabase } from '../support/database.ts';
import { fakeEntries, shortLimits } from '../support/launch-options.ts';
import type { Behaviour } from '../support/roles/fake-role.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

const database = useDatabase();

const create = async (
  origin: RunOrigin = 'web',
  queue: Pick<Queue, 'enqueue'> = rememberingQueue(),
  spec = smallSpec,
) => (await createRun({ db: database.db, queue }, spec, origin)).id;

const fakes = (behaviour: Behaviour) => ({ entries: fakeEntries(behaviour), limits: shortLimits });

async function execute(id: string, behaviour: Behaviour, stop = new AbortController().signal) {
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  return executeRun(database, claim, { stop, launch: fakes(behaviour) });
}

const stateOf = async (id: string) =>
  (await database.db.run.findUniqueOrThrow({ where: { id } })).state;

const readTrace = async (id: string, party: number): Promise<unknown> =>
  JSON.parse((await readArtifact(database.db, id, `trace-party-${party}.json`)).text);
const setup = { bytesSent: { setup: 32, online: 0 } };
const online = { bytesSent: { setup: 0, online: expect.any(Number) as number } };

test('the link certificate of a run is signed over its traces, and there is none before', async () => {
  const id = await create();
  await expect(readCertificate(database.db, id)).rejects.toThrow(/has no link certificate/);
  expect(await execute(id, 'good')).toBe('done');
  const { envelope, publicKey, document } = await readCertificate(database.db, id);
  const verified = await verifyCertificate(envelope, publicKey);
  if (!verified.ok) throw new Error(verified.why);
  const { artifacts, specHash } = await readDetail(database.db, id);
  expect(verified.statement.subject).toEqual(
    artifacts
      .filter(({ name }) => name.startsWith('trace-'))
      .map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
  );
  expect(verified.statement.predicate).toEqual(document);
  expect(document).toMatchObject({ runId: id, specHash, before: { attempts: 3 }, after: null });
  expect((await readArtifact(database.db, id, 'link-certificate.json')).text).toBe(envelope);
});

test('a run that works leaves rows, files and a headline', async () => {
  const id = await create();
  expect(await execute(id, 'good')).toBe('done');
  const run = await readDetail(database.db, id);
  expect(run).toMatchObject({
    state: 'done',
    labels: ['negative', 'positive'],
    linkVerdict: 'not met',
  });
  const { rounds, onlineBytesSent } = run.prediction ?? {};
  expect(run.headline).toMatchObject({ samples: 4, rounds, onlineBytesSent });
  expect(run.headline?.onlineMs).toMatchObject({ median: 3, n: 2, low: null });
  expect(run.headline?.maxLogitError.protocol).toBeCloseTo(0.001, 9);
  expect(run.prediction?.agrees).toBe(true);
  expect(run.operations.map(({ phase, op }) => [phase, op])).toEqual([
    ['setup', 'mul'],
    ['online', 'mul'],
  ]);
  expect(run.parties).toHaveLength(3);
  expect(run.samples[0]).toMatchObject({ sampleId: 'sample-0', secureLogits: [1, -1] });
  expect(run.reveals).toEqual([
    { path: 'reveal', to: 'owner', reason: 'logits', values: 8, inferences: 2 },
  ]);
  expect(run.artifacts.map(({ name }) => name)).toEqual([
    'link-certificate.json',
    'run.json',
    'trace-party-0.json',
    'trace-party-1.json',
    'trace-party-2.json',
  ]);
  const { stream, bytes } = await openArtifact(database.db, id, 'run.json');
  const text = (await stream.toArray()).join('');
  expect(Buffer.byteLength(text)).toBe(bytes);
  expect(await readTrace(id, 0)).not.toHaveProperty('partial');
  expect(await readTrace(id, 0)).toMatchObject({ party: 0, traces: [setup, online, online] });
  expect(JSON.parse(text)).toMatchObject({ id, state: 'done', spec: smallSpec });
  expect(await readdir(join(database.folder, 'runs'))).toEqual([]);
});

test.each([
  ['dies', /ended by SIGKILL/],
  ['hangs', /nothing was heard/],
  ['garbage', /does not understand/],
  ['fails', /frame 7 from party 0 is corrupted/],
] as const)(
  'a party that %s: failed, with the reason and what was learnt',
  async (behaviour, reason) => {
    const id = await create();
    expect(await execute(id, behaviour)).toBe('failed');
    const run = await readDetail(database.db, id);
    expect(run.state).toBe('failed');
    expect(run.reason).toMatch(reason);
    expect(run.finishedAt).not.toBeNull();
    expect(run.artifacts.map(({ name }) => name)).toContain('partial-trace.json');
    const file = join(database.folder, 'blobs', 'runs', id, 'partial-trace.json');
    const partial = JSON.parse(await readFile(file, 'utf8')) as {
      progress: Record<string, unknown>;
    };
    expect(partial.progress['0']).toMatchObject({ path: 'layer0', bytesSent: 32 });
    expect(await readTrace(id, 1)).toMatchObject({
      version: 1,
      partial: true,
      party: 1,
      lastCutShort: behaviour === 'fails',
      traces: behaviour === 'fails' ? [setup, online] : [setup],
      counters: [],
    });
  },
);

test('a run that reveals more than the output fails by name and shows no number', async () => {
  const id = await create();
  expect(await execute(id, 'tells')).toBe('failed');
  const run = await readDetail(database.db, id);
  expect(run.reason).toBe(
    'Party 1 revealed [2, 8] at "layer0.attention" to all ("debugging") in inference 0, which the spec does not allow. Allowed is one reveal per inference, of the output, to the owner.',
  );
  expect(run).toMatchObject({ headline: null, samples: [], operations: [], reveals: [] });
  // What it was can be looked up: the traces hold counts and places, no values.
  expect(run.artifacts.map(({ name }) => name)).toContain('trace-party-1.json');
  expect(run.artifacts.map(({ name }) => name)).not.toContain('run.json');
});

test('with a dealer: its trace, its bytes and its totals are kept apart from the parties', async () => {
  const id = await create('web', rememberingQueue(), smallAdditiveSpec);
  expect(await execute(id, 'good')).toBe('done');
  const run = await readDetail(database.db, id);
  const { links = {}, dealerBytes = 0 } = run.prediction ?? {};
  const online = links['0>1'] ?? 0;
  expect(online).toBeGreaterThan(0);
  expect(run.headline).toMatchObject({
    onlineBytesSent: [online, online],
    dealerBytes,
    links: { '0>1': online, '1>0': online, 'dealer>0': dealerBytes },
    totalBytesSent: 2 * online + dealerBytes,
    correlations: 'dealer',
  });
  expect(
    run.operations.map(({ phase, bytesSent, dealerBytes }) => [phase, bytesSent, dealerBytes]),
  ).toEqual([
    ['setup', [32, 32], 32],
    ['online', [online, online], 0],
    ['offline', [0, 0], dealerBytes],
  ]);
  expect(run.parties.map(({ party }) => party)).toEqual([0, 1]);
  expect(run.dealer).toMatchObject({ bytesSent: 32 + 2 * dealerBytes, peakRssBytes: 1 << 20 });
  expect(run.artifacts.map(({ name }) => name)).toEqual([
    'link-certificate.json',
    'run.json',
    'trace-dealer.json',
    'trace-party-0.json',
    'trace-party-1.json',
  ]);
  const trace: unknown = JSON.parse(
    (await readArtifact(database.db, id, 'trace-dealer.json')).text,
  );
  expect(trace).toMatchObject({ party: 'dealer', traces: [{}, {}, {}] });
});

test('cancelling a running run takes less than a second and keeps what was learnt', async () => {
  const id = await create();
  const running = execute(id, 'hangs');
  await expect.poll(() => stateOf(id), { interval: 20, timeout: 8000 }).toBe('running');
  const askedAt = performance.now();
  await requestCancel(database.db, id);
  await expect.poll(() => stateOf(id), { interval: 10 }).toBe('cancelled');
  expect(performance.now() - askedAt).toBeLessThan(1000);
  expect(await running).toBe('cancelled');
  const { artifacts, reason } = await readDetail(database.db, id);
  expect(artifacts.map(({ name }) => name)).toContain('partial-trace.json');
  expect(await readTrace(id, 2)).toMatchObject({ partial: true, party: 2, traces: [setup] });
  expect(reason).toBe('Cancelled while it was running.');
});

test('a worker that stops gives its run back untried', async () => {
  const id = await create();
  const stop = new AbortController();
  const running = execute(id, 'hangs', stop.signal);
  await expect.poll(() => stateOf(id), { timeout: 8000 }).toBe('running');
  stop.abort();
  expect(await running).toBe('released');
  const row = await database.db.run.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ state: 'queued', attempts: 0, claimId: null });
  // Nor does it leave what its next try will not replace.
  expect((await readDetail(database.db, id)).artifacts).toEqual([]);
  await requestCancel(database.db, id);
});

test('a full disk has its own sentence', () => {
  const full = Object.assign(new Error('write failed'), { code: 'ENOSPC' });
  expect(reasonOf(full)).toMatch(/^The disk of the data folder is full/);
});

test('a run that another worker took over is left alone', async () => {
  const id = await create();
  const running = execute(id, 'slow');
  await expect.poll(() => stateOf(id), { timeout: 8000 }).toBe('running');
  await database.db.run.update({ where: { id }, data: { claimId: 'another' } });
  expect(await running).toBe('lostClaim');
  const row = await database.db.run.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ claimId: 'another', reason: null, state: 'running' });
  await database.db.run.delete({ where: { id } });
});

test('through the queue: bad runs do not stop good ones, a first-start run gives way', async () => {
  await database.db.run.deleteMany({});
  let behaviour: Behaviour = 'slow';
  const launchOptions = {
    limits: shortLimits,
    get entries() {
      return fakeEntries(behaviour);
    },
  };
  const lines: string[] = [];
  const worker = await startWorker(database, {
    firstRun: true,
    launch: launchOptions,
    log: (line) => lines.push(line),
  });
  const queue = await openQueue(database.url, 'send');
  onTestFinished(async () => {
    await worker.stop();
    await queue.close();
  });
  const first = await database.db.run.findFirstOrThrow({});
  expect(first.origin).toBe('firstStart');
  await expect.poll(() => stateOf(first.id), { timeout: 15_000 }).toBe('running');
  // A visitor comes: the first-start run waits until theirs is done.
  const visitor = await create('web', queue);
  await expect.poll(() => stateOf(visitor), { timeout: 20_000 }).toBe('done');
  await expect.poll(() => stateOf(first.id), { timeout: 20_000 }).toBe('done');
  const rows = await database.db.run.findMany({ orderBy: { finishedAt: 'asc' } });
  expect(rows.map(({ id }) => id)).toEqual([visitor, first.id]);
  expect(rows.find(({ id }) => id === first.id)?.attempts).toBe(1);
  behaviour = 'dies';
  const bad = await create('web', queue);
  await expect.poll(() => stateOf(bad), { timeout: 20_000 }).toBe('failed');
  behaviour = 'good';
  const good = await create('web', queue);
  await expect.poll(() => stateOf(good), { timeout: 20_000 }).toBe('done');
  expect(lines.join('\n')).toMatch(/failed after/);
});

test('two workers of a host without room for both runs: one waits, and says why', async () => {
  await database.db.run.deleteMany({});
  const host = { name: 'small', memoryBytes: 1 };
  const launch = fakes('slow');
  const options = { firstRun: false, launch, host, log: () => {} };
  const workers = [await startWorker(database, options), await startWorker(database, options)];
  const queue = await openQueue(database.url, 'send');
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await queue.close();
  });
  const ids = [await create('web', queue), await create('web', queue)];
  for (const id of ids) await expect.poll(() => stateOf(id), { timeout: 40_000 }).toBe('done');
  const [first, second] = await database.db.run.findMany({ orderBy: { finishedAt: 'asc' } });
  expect(second?.startedAt?.getTime()).toBeGreaterThanOrEqual(first?.finishedAt?.getTime() ?? NaN);
  const events = await readEvents(database.db, second?.id ?? '', 0);
  const waits = events.filter(({ message }) => message?.startsWith('Waits for memory') === true);
  expect(waits.length).toBeGreaterThanOrEqual(1);
  expect(waits.length).toBeLessThanOrEqual(2);
});

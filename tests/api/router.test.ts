import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TRPCError } from '@trpc/server';
import { describe, expect, test, vi } from 'vitest';
import { toApiError } from '../../server/api/errors.ts';
import {
  correlationsOfSpec,
  geluIds,
  softmaxIds,
  variantIds,
} from '../../server/api/schemas/run-spec.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { createCaller } from '../../server/api/root.ts';
import { DatabaseError } from '../../server/db/errors.ts';
import { EngineError } from '../../server/engine/errors.ts';
import { writeArtifact } from '../../server/runs/artifacts.ts';
import { ZooError } from '../../server/zoo/errors.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';
import { readRank } from '../../server/runs/turns.ts';

const database = useDatabase();
const queue = rememberingQueue();
const api = createCaller(() => ({ connection: database, queue }));

const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    (error: unknown) => (error instanceof TRPCError ? error.code : String(error)),
  );

describe('runs', () => {
  test('create, get, list, cancel', async () => {
    const { id } = await api.runs.create(smallSpec);
    expect(queue.jobs).toEqual([{ runId: id, rank: await readRank(database.db, id) }]);
    expect(await api.runs.get({ id })).toMatchObject({ id, state: 'queued', spec: smallSpec });
    expect(await api.runs.cancel({ id })).toEqual({ state: 'cancelled' });
    const page = await api.runs.list({ states: ['cancelled'], model: smallSpec.model });
    expect(page.runs.map((run) => run.id)).toEqual([id]);
    expect((await api.runs.list({ states: ['done'] })).runs).toEqual([]);
  });

  test('pages of the list follow each other without gap or overlap', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift((await api.runs.create(smallSpec)).id);
    const first = await api.runs.list({ limit: 2 });
    const second = await api.runs.list({ limit: 2, cursor: first.nextCursor });
    const seen = [...first.runs, ...second.runs].map(({ id }) => id);
    expect(seen).toEqual(ids.slice(0, 4));
    const all = await api.runs.list({ limit: 100 });
    expect(all.nextCursor).toBeNull();
  });

  test('the preset filter compares specs', async () => {
    const { presets } = await api.catalog.get();
    const preset = presets[0];
    if (preset === undefined) throw new Error('no preset');
    const { id } = await api.runs.create(preset.spec);
    const { runs } = await api.runs.list({ preset: preset.id });
    expect(runs.map((run) => run.id)).toEqual([id]);
    expect(await codeOf(api.runs.list({ preset: 'nope' }))).toBe('NOT_FOUND');
  });

  test('a bad spec is refused with field, value and fix', async () => {
    const bad = { ...smallSpec, sequenceLength: 500 };
    const error: unknown = await api.runs.create(bad).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'BAD_REQUEST',
      cause: {
        issues: [{ field: 'sequenceLength', value: '500', fix: 'Use at most 64.' }],
      },
    });
    expect((await api.runs.preview(bad)).issues).toHaveLength(1);
  });

  test('unknown and oversized input', async () => {
    expect(await codeOf(api.runs.get({ id: 'nope' }))).toBe('NOT_FOUND');
    expect(await codeOf(api.runs.get({ id: 'x'.repeat(500) }))).toBe('BAD_REQUEST');
    expect(await codeOf(api.runs.list({ limit: 100_000 }))).toBe('BAD_REQUEST');
    expect(await codeOf(api.runs.create(7 as never))).toBe('BAD_REQUEST');
  });

  test('a stored file can be fetched, and nothing else', async () => {
    const { id } = await api.runs.create(smallSpec);
    const other = await api.runs.create(smallSpec);
    await writeArtifact(database.db, id, 'run.json', '{"a":1}');
    await writeArtifact(database.db, id, 'party-0.log', 'said ü\n');
    expect(await api.runs.artifact({ id, name: 'run.json' })).toEqual({
      name: 'run.json',
      mediaType: 'application/json',
      text: '{"a":1}',
    });
    expect(await api.runs.artifact({ id, name: 'party-0.log' })).toMatchObject({
      mediaType: 'text/plain',
      text: 'said ü\n',
    });
    for (const file of [
      { id: other.id, name: 'run.json' },
      { id, name: '../run.json' },
      { id, name: 'nope.json' },
    ]) {
      expect(await codeOf(api.runs.artifact(file))).toBe('NOT_FOUND');
    }
    await rm(join(database.folder, 'blobs', 'runs', id, 'run.json'));
    const gone = api.runs.artifact({ id, name: 'run.json' });
    await expect(gone).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `the file run.json of run ${id} is gone from the data folder.`,
    });
  });

  test('a file over 20 MB is refused by name and size, and where it lies is not said', async () => {
    const { id } = await api.runs.create(smallSpec);
    await writeArtifact(database.db, id, 'trace-party-0.json', Buffer.alloc(20_100_000, ' '));
    await expect(api.runs.artifact({ id, name: 'trace-party-0.json' })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: `the file trace-party-0.json has 20.1 MB, more than can be read in one piece; fetch it from /api/files/${id}/trace-party-0.json.`,
    });
  });

  test('events come tracked by their number', async () => {
    const { id } = await api.runs.create(smallSpec);
    await api.runs.cancel({ id });
    const seen: unknown[] = [];
    for await (const event of await api.runs.events({ id, lastEventId: '1' })) seen.push(event);
    expect(seen).toMatchObject([['2', { seq: 2, state: 'cancelled' }, expect.anything()]]);
  });
});

test('permalinks: create, get, revoke', async () => {
  const { id } = await api.runs.create(smallSpec);
  expect(await codeOf(api.permalinks.create({ runId: id }))).toBe('CONFLICT');
  await api.runs.cancel({ id });
  const { slug } = await api.permalinks.create({ runId: id });
  const view = await api.permalinks.get({ slug });
  expect(view).toMatchObject({ kind: 'run', run: { id } });
  await api.permalinks.revoke({ slug });
  expect(await codeOf(api.permalinks.get({ slug }))).toBe('NOT_FOUND');
});

test('the catalog offers only what is here, and every preset can be run', async () => {
  const catalog = await api.catalog.get();
  expect(catalog.models.map(({ id }) => id)).toContain('minilm-2l-imdb');
  expect(catalog.gelu.map(({ id }) => id).sort()).toEqual([...geluIds].sort());
  expect(catalog.softmax.map(({ id }) => id).sort()).toEqual([...softmaxIds].sort());
  expect(catalog.networks.find(({ id }) => id === 'puma-lan')).toMatchObject({
    bitsPerSecond: 5e9,
    rttMs: 1,
  });
});

test('the catalog has every protocol of the engine, and a spec can name each of them', async () => {
  const { protocols, correlations } = await api.catalog.get();
  const described = variantDescriptions.map(({ id }) => id);
  expect([...variantIds].sort()).toEqual([...described].sort());
  expect(protocols.map(({ id }) => id)).toEqual(described);
  for (const { id, parties, needsCorrelations, trust, description } of protocols) {
    const additive = id.startsWith('additive/');
    expect(id, id).toMatch(/^(additive|replicated)\//);
    expect({ parties, needsCorrelations }).toEqual({
      parties: additive ? 2 : 3,
      needsCorrelations: additive,
    });
    expect(trust).toMatch(/Semi-honest/);
    expect(description.length).toBeGreaterThan(20);
  }
  expect(protocols.find(({ id }) => id === 'additive/crypten')?.defaultFractionBits).toBe(16);
  expect(correlations.map(({ id, warning }) => [id, warning])).toEqual([
    ['dealer', null],
    ['insecureFirstParty', 'insecureFirstParty'],
  ]);
  // What needs somebody to deal, the schema knows by itself: it has no engine.
  for (const { id, needsCorrelations } of variantDescriptions) {
    expect(
      correlationsOfSpec({ ...smallSpec, protocol: { ...smallSpec.protocol, variant: id } }),
    ).toBe(needsCorrelations ? 'dealer' : null);
  }
});

test("a preview tells what a run would give up, and the dealer's bytes apart", async () => {
  const { prediction, warnings, byPlace } = await api.runs.preview(smallAdditiveSpec);
  expect(warnings).toEqual([]);
  expect(prediction?.dealerBytes).toBeGreaterThan(0);
  expect(prediction?.links['dealer>0']).toBe(prediction?.dealerBytes);
  expect(byPlace.reduce((sum, { dealerBytes }) => sum + dealerBytes, 0)).toBe(
    prediction?.dealerBytes,
  );
  const { protocol } = smallAdditiveSpec;
  const insecure = await api.runs.preview({
    ...smallAdditiveSpec,
    protocol: { ...protocol, correlations: 'insecureFirstParty' },
    seed: { kind: 'insecure', value: '1' },
  });
  expect(insecure.warnings).toEqual(['insecureFirstParty', 'insecureSeed']);
  expect(insecure.prediction).toMatchObject({ dealerBytes: 0 });
  expect(Object.keys(insecure.prediction?.links ?? {})).toEqual(['0>1', '1>0']);
});

test('status names what a run needs', async () => {
  // Of the embedded one, or of the team's that the tests were told to use.
  const major = process.env['PARLEY_TEST_POSTGRES'] === undefined ? /^18\./ : /^15\./;
  const status = await api.system.status();
  expect(status).toMatchObject({ workers: 0, workerHeartbeatAgeMs: null, running: 0 });
  expect(status.database).toEqual({
    kind: 'embedded',
    version: expect.stringMatching(major) as string,
  });
  expect(status.disk.freeBytes).toBeGreaterThan(0);
});

describe('the error table', () => {
  test.each([
    [new EngineError('plan', 'no such thing'), 'BAD_REQUEST', 'no such thing'],
    [new EngineError('channel', 'party 1 is gone'), 'INTERNAL_SERVER_ERROR', 'party 1 is gone'],
    [new ZooError('missing', 'run npm ci'), 'PRECONDITION_FAILED', 'run npm ci'],
    [new DatabaseError('start', 'did not start'), 'SERVICE_UNAVAILABLE', 'did not start'],
    [
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      'SERVICE_UNAVAILABLE',
      /does not answer/,
    ],
    [new Error('secret /root/path'), 'INTERNAL_SERVER_ERROR', /^Something went wrong here \(error/],
  ] as const)('%s', (error, code, message) => {
    // A defect is logged, with the number that the browser gets.
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const translated = toApiError(error);
    log.mockRestore();
    expect(translated.code).toBe(code);
    expect(translated.message).toMatch(message);
    expect(translated.message).not.toContain('secret');
  });
});

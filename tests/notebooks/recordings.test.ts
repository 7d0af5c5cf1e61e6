/** Runs that a what-if cannot replay: named, priced, made once. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { replayArtifact } from '../../server/network/replay/replay-file.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const queue = rememberingQueue();
const api = createCaller(() => ({ connection: database, queue })).notebooks;
const headline = doneRun.headline as Headline;
const withSamples = (samples: number) => ({
  ...smallSpec,
  dataset: { ...smallSpec.dataset, samples },
});

const recordingOf = (runId: string) =>
  database.db.artifact.create({
    data: { runId, name: replayArtifact, bytes: 1n, sha256: 'x', path: 'x' },
  });

beforeAll(async () => {
  await storeRuns(database.db, [
    { id: 'shipped', spec: withSamples(2), headline, shipped: true },
    { id: 'again', spec: withSamples(2), headline, shipped: true },
    { id: 'other', spec: withSamples(3), headline, shipped: true },
    { id: 'own', spec: withSamples(4), headline },
  ]);
  await recordingOf('own');
});

describe('runs without a recording', () => {
  test('are named and priced; one that has it is not among them', async () => {
    expect(await api.unrecorded({ ids: ['own'] })).toEqual({ runs: [], toMake: 0, runMs: 0 });
    const answer = await api.unrecorded({ ids: ['shipped', 'own', 'other', 'gone'] });
    expect(answer.runs.map(({ id }) => id).toSorted()).toEqual(['other', 'shipped']);
    expect(answer.toMake).toBe(2);
    expect(answer.runMs).toBeGreaterThan(0);
  });

  test('are made once for each spec, then under way, then there', async () => {
    const { ids } = await api.record({ ids: ['shipped', 'again', 'own'] });
    expect(ids).toHaveLength(1);
    const [made = ''] = ids;
    const row = await database.db.run.findUniqueOrThrow({ where: { id: made } });
    expect([row.specHash, row.shipped]).toEqual([hashSpec(withSamples(2)).hash, false]);
    expect(await api.record({ ids: ['shipped', 'again'] })).toEqual({ ids: [] });
    const waiting = await api.unrecorded({ ids: ['shipped'] });
    expect(waiting).toEqual({
      runs: [{ id: 'shipped', twin: null, pending: made }],
      toMake: 0,
      runMs: 0,
    });
    await database.db.run.update({ where: { id: made }, data: { state: 'done' } });
    await recordingOf(made);
    expect((await api.unrecorded({ ids: ['shipped'] })).runs).toEqual([
      { id: 'shipped', twin: made, pending: null },
    ]);
  });
});

/** Retention: what goes, what stays, and that a second time nothing is left to do. */
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { recordingsArtifact } from '../../server/network/replay/replay-file.ts';
import { prune } from '../../server/keep/prune.ts';
import { createPermalink } from '../../server/permalinks/create-permalink.ts';
import { writeArtifact } from '../../server/runs/artifacts.ts';
import { readEvents } from '../../server/runs/events.ts';
import { useDatabase } from '../support/database.ts';
import { headline, pumaSpec } from '../support/fixtures.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const day = 24 * 3600 * 1000;
const names = ['trace-party-0.json', 'trace-dealer.json', 'partial-trace.json', recordingsArtifact];
const kept = ['run.json', 'replay.json', 'link-certificate.json', 'party-0.log'];
let [old, starred, published, young, running] = ['', '', '', '', ''];

beforeAll(async () => {
  const { db } = database;
  const long = new Date(Date.now() - 40 * day);
  const row = { spec: pumaSpec, headline, createdAt: long };
  [old = '', starred = '', published = '', young = '', running = ''] = await storeRuns(db, [
    row,
    { ...row, starred: true },
    row,
    { ...row, createdAt: new Date(Date.now() - 20 * day) },
    { spec: pumaSpec, headline: null, createdAt: long },
  ]);
  for (const id of [old, starred, published, young, running]) {
    for (const name of [...names, ...kept]) await writeArtifact(db, id, name, `${id} ${name}`);
  }
  await createPermalink(db, published);
});

const artifactsOf = async (runId: string): Promise<string[]> => {
  const rows = await database.db.artifact.findMany({ where: { runId }, select: { name: true } });
  return rows.map(({ name }) => name).toSorted();
};

test('traces of old runs go; starred, published, young and unfinished ones keep all', async () => {
  const { db, folder: dataFolder } = database;
  const orphan = join(dataFolder, 'blobs', 'runs', 'gone', 'trace-party-0.json');
  const fresh = join(dataFolder, 'blobs', 'runs', 'new', 'run.json.part');
  for (const file of [orphan, fresh]) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '123');
  }
  await utimes(orphan, new Date(Date.now() - 2 * day), new Date(Date.now() - 2 * day));
  const options = { dataFolder, before: new Date(Date.now() - 30 * day) };

  const counted = await prune(db, { ...options, dryRun: true });
  const bytes = names.reduce((sum, name) => sum + `${old} ${name}`.length, 3);
  expect(counted).toEqual({ runs: 1, files: names.length + 1, bytes, orphans: 1 });
  expect(await artifactsOf(old)).toEqual([...names, ...kept].toSorted());

  expect(await prune(db, { ...options, dryRun: false })).toEqual(counted);
  expect(await artifactsOf(old)).toEqual(kept.toSorted());
  for (const id of [starred, published, young, running]) {
    expect(await artifactsOf(id)).toEqual([...names, ...kept].toSorted());
  }
  const blob = (name: string) => join(dataFolder, 'blobs', 'runs', old, name);
  expect(names.map((name) => existsSync(blob(name)))).toEqual(names.map(() => false));
  expect(kept.map((name) => existsSync(blob(name)))).toEqual(kept.map(() => true));
  expect([orphan, fresh].map((file) => existsSync(file))).toEqual([false, true]);
  const events = await readEvents(db, old, -1);
  expect(events.at(-1)?.message).toMatch(/were let go/);

  const again = await prune(db, { ...options, dryRun: false });
  expect(again).toEqual({ runs: 0, files: 0, bytes: 0, orphans: 0 });
});

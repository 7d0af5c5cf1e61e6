/** Backup and restore: into an empty installation with equal hashes, and nothing at all where that fails. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, type Database } from '../../server/db/client.ts';
import { migrate } from '../../server/db/migrate.ts';
import { backup } from '../../server/keep/backup.ts';
import { readManifest, type Manifest } from '../../server/keep/manifest.ts';
import { restore } from '../../server/keep/restore.ts';
import { createPermalink } from '../../server/permalinks/create-permalink.ts';
import { writeArtifact } from '../../server/runs/artifacts.ts';
import { publicKeyName, loadSigningKey } from '../../server/runs/signing-key.ts';
import { readDetail } from '../../server/runs/views.ts';
import { useDatabase } from '../support/database.ts';
import { headline, pumaSpec } from '../support/fixtures.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const folders: string[] = [];
let ids: string[];

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-keep-'));
  folders.push(folder);
  return folder;
};

/** Another database on the same server, without any table. */
async function emptyDatabase(name: string): Promise<string> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE DATABASE "${name}"`);
  await client.end();
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = createClient(url);
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}

const made = async (): Promise<string> => {
  const folder = join(await newFolder(), 'backup');
  const report = await backup({ url: database.url, dataFolder: database.folder, folder });
  expect(report.damaged).toEqual([]);
  return folder;
};

beforeAll(async () => {
  const { db } = database;
  ids = await storeRuns(db, [
    { spec: pumaSpec, headline, tags: ['a "quoted" tag', 'zwölf'], note: 'two\nlines\tand a tab' },
    { spec: pumaSpec, headline, linkVerdict: 'not met', starred: true },
    { spec: pumaSpec, headline: null },
  ]);
  const [first = ''] = ids;
  await db.run.update({
    where: { id: first },
    // Numbers that JSON or a double would not keep if anybody parsed them on the way.
    data: { onlineBytes: 9_007_199_254_740_993n, onlineMs: 0.1 + 0.2, protocolError: 5e-324 },
  });
  await db.repeat.create({
    data: {
      runId: first,
      repeat: 0,
      batch: 0,
      size: 1,
      onlineMs: Number.NaN,
      offlineMs: 0,
      rounds: 1,
      onlineBytes: 1n,
      offlineBytes: 0n,
    },
  });
  await db.event.createMany({
    data: Array.from({ length: 2500 }, (_, seq) => ({
      runId: first,
      seq,
      kind: 'log',
      body: { message: `line ${seq}` },
    })),
  });
  await writeArtifact(db, first, 'trace.json', JSON.stringify({ of: first }));
  await createPermalink(db, first);
  loadSigningKey(database.folder);
  await mkdir(join(database.folder, 'models', 'mine'), { recursive: true });
  await writeFile(join(database.folder, 'models', 'mine', 'config.json'), '{}');
});

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

test('an installation comes back elsewhere: rows, files, key and permalinks', async () => {
  const folder = await made();
  const url = await emptyDatabase('restored');
  const dataFolder = await newFolder();
  const report = await restore({ url, dataFolder, folder });
  expect(report.migrated).toEqual([]);

  // A backup of the copy has the same hashes, table by table and file by file.
  const again = join(await newFolder(), 'again');
  await backup({ url, dataFolder, folder: again });
  const [one, two] = await Promise.all([readManifest(folder), readManifest(again)]);
  expect(two.tables).toEqual(one.tables);
  expect(two.files).toEqual(one.files);
  expect(one.tables.find(({ table }) => table === 'events')?.rows).toBe(2500);
  expect(one.tables.map(({ table }) => table)).not.toContain('workers');

  const [first = ''] = ids;
  await withClient(url, async (db) => {
    const before = await readDetail(database.db, first);
    expect(await readDetail(db, first)).toEqual(before);
    const row = await db.run.findUniqueOrThrow({ where: { id: first } });
    expect(row.onlineBytes).toBe(9_007_199_254_740_993n);
    expect([row.onlineMs, row.protocolError]).toEqual([0.1 + 0.2, 5e-324]);
    expect((await db.repeat.findFirstOrThrow()).onlineMs).toBeNaN();
    const link = await db.permalink.findFirstOrThrow();
    expect(createHash('sha256').update(link.snapshot).digest('hex')).toBe(link.contentHash);
  });
  const key = join('keys', publicKeyName);
  expect(await readFile(join(dataFolder, key), 'utf8')).toBe(
    await readFile(join(database.folder, key), 'utf8'),
  );
  const secret = one.files.find(({ path }) => path.endsWith('ed25519.pem'))?.path ?? '';
  expect((await stat(join(folder, 'files', secret))).mode & 0o077).toBe(0);
  expect((await stat(join(dataFolder, secret))).mode & 0o077).toBe(0);
});

test('a backup of an older schema is loaded into it, and the later migrations follow', async () => {
  const folder = await made();
  const manifest = await readManifest(folder);
  // The tables as they were before the migration that brought `trainings`.
  const at = manifest.migrations.findIndex((name) => name.endsWith('_training'));
  const older = manifest.migrations.slice(0, at);
  const later = manifest.migrations.slice(at);
  const source = await emptyDatabase('older');
  await migrate(source, older.at(-1));
  const client = new Client({ connectionString: source });
  await client.connect();
  await client.query(
    `INSERT INTO "saved_networks" (name, network) VALUES ('mine', '{"rttMs": 3}')`,
  );
  await client.end();
  const old = join(await newFolder(), 'old');
  await backup({ url: source, dataFolder: await newFolder(), folder: old });

  const url = await emptyDatabase('upgraded');
  const report = await restore({ url, dataFolder: await newFolder(), folder: old });
  expect(report.migrated).toEqual(later);
  await withClient(url, async (db) => {
    expect(await db.savedNetwork.findMany()).toMatchObject([{ name: 'mine' }]);
    expect(await db.training.count()).toBe(0);
  });
  // Into the newest schema it cannot be loaded, and says what to do.
  const newest = await emptyDatabase('newest');
  await migrate(newest);
  await expect(
    restore({ url: newest, dataFolder: await newFolder(), folder: old }),
  ).rejects.toThrow(/restore into one that was never used/);
});

async function rewriteManifest(folder: string, change: (manifest: Manifest) => Manifest) {
  const file = join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify(change(await readManifest(folder))));
}

test('what is damaged is refused, and nothing of it stays', async () => {
  const url = await emptyDatabase('refused');
  const dataFolder = await newFolder();
  const attempt = (folder: string) => restore({ url, dataFolder, folder });

  const lost = await made();
  const { files } = await readManifest(lost);
  const [file] = files;
  await writeFile(join(lost, 'files', file?.path ?? ''), 'x'.repeat(file?.bytes ?? 0));
  await expect(attempt(lost)).rejects.toThrow(/is not what it was when it was made/);

  const cut = await made();
  const events = join(cut, 'tables', 'events.jsonl.gz');
  const lines = gunzipSync(await readFile(events))
    .toString('utf8')
    .split('\n');
  await writeFile(events, gzipSync(lines.slice(0, 1999).join('\n')));
  await expect(attempt(cut)).rejects.toThrow(/1999 rows, 2500 expected/);

  const torn = await made();
  const whole = await readFile(join(torn, 'tables', 'runs.jsonl.gz'));
  await writeFile(join(torn, 'tables', 'runs.jsonl.gz'), whole.subarray(0, whole.length - 20));
  await expect(attempt(torn)).rejects.toThrow(/unexpected end/);

  const escaping = await made();
  await expect(
    rewriteManifest(escaping, (manifest) => ({
      ...manifest,
      files: [{ path: '../../escaped', bytes: 0, sha256: '0'.repeat(64) }],
    })).then(() => attempt(escaping)),
  ).rejects.toThrow(/leaves the folder/);

  const newer = await made();
  await rewriteManifest(newer, (manifest) => ({
    ...manifest,
    migrations: [...manifest.migrations, '29991231000000_later'],
  }));
  await expect(attempt(newer)).rejects.toThrow(/update Parley/);

  const unfinished = await made();
  await rm(join(unfinished, 'manifest.json'));
  await expect(attempt(unfinished)).rejects.toThrow(/no whole backup/);

  await withClient(url, async (db) => {
    expect(await db.run.count()).toBe(0);
    expect(await db.event.count()).toBe(0);
  });
  // And it can still be used.
  const report = await attempt(await made());
  expect(report.rows).toBeGreaterThan(2500);
});

test('what is there is never written over', async () => {
  const folder = await made();
  await expect(restore({ url: database.url, dataFolder: database.folder, folder })).rejects.toThrow(
    /has rows: restore into an installation without any/,
  );
  const own = await newFolder();
  await mkdir(join(own, 'models', 'mine'), { recursive: true });
  await writeFile(join(own, 'models', 'mine', 'config.json'), '{"another": 1}');
  const url = await emptyDatabase('with-a-model');
  await expect(restore({ url, dataFolder: own, folder })).rejects.toThrow(
    /models\/mine\/config.json is in the data folder already and differs/,
  );
  await expect(backup({ url: database.url, dataFolder: database.folder, folder })).rejects.toThrow(
    /is not empty/,
  );
});

test('a file that is gone or changed is named, and the rest is kept', async () => {
  const [first = ''] = ids;
  await writeArtifact(database.db, first, 'gone.json', '1');
  await writeArtifact(database.db, first, 'other.json', '2');
  const blobs = join(database.folder, 'blobs', 'runs', first);
  await rm(join(blobs, 'gone.json'));
  await chmod(join(blobs, 'other.json'), 0o644);
  await writeFile(join(blobs, 'other.json'), '3');
  const folder = join(await newFolder(), 'backup');
  const report = await backup({ url: database.url, dataFolder: database.folder, folder });
  expect(report.damaged).toEqual([
    `run ${first}, runs/${first}/gone.json: gone`,
    `run ${first}, runs/${first}/other.json: not what its row says`,
  ]);
  const { files } = await readManifest(folder);
  expect(files.map(({ path }) => path)).toContain(`blobs/runs/${first}/trace.json`);
});

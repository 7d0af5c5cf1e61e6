import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimApp, findApp, isInUse, releaseApp, updateApp } from '../../server/cli/app-record.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-app-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the first one has the place, and says where it answers', async () => {
  expect(await claimApp(folder, 'all')).toBeUndefined();
  await updateApp(folder, 'all', { url: 'http://localhost:4300' });
  expect(await findApp(folder, 'all')).toMatchObject({
    pid: process.pid,
    url: 'http://localhost:4300',
  });
  await releaseApp(folder, 'all');
  expect(await findApp(folder, 'all')).toBeUndefined();
});

test('the place of a dead process, or of nonsense, is free', async () => {
  const dead = { kind: 'all', pid: 2 ** 22 + 1, startedAt: '', url: null, children: [] };
  await writeFile(join(folder, 'app.json'), JSON.stringify(dead));
  expect(await claimApp(folder, 'all')).toBeUndefined();
  await writeFile(join(folder, 'app.json'), '{');
  expect(await claimApp(folder, 'all')).toBeUndefined();
});

test('web and worker have places of their own; the database is in use while either lives', async () => {
  await claimApp(folder, 'web');
  await claimApp(folder, 'worker');
  expect(await isInUse(folder, 'web')).toBe(true);
  await releaseApp(folder, 'worker');
  expect(await isInUse(folder, 'web')).toBe(false);
});

/** What a process of a run knows of its worker's environment, read where the kernel keeps it. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Peer } from '../../server/engine/channel.ts';
import { RoleProcess } from '../../server/runs/role-process.ts';
import { roleFileName } from '../../server/runs/roles.ts';
import { startTraining } from '../../server/runs/training/child.ts';

const runs = join(import.meta.dirname, '..', '..', 'server', 'runs');
const secret = 'never-for-a-role';
const secrets = [
  'DATABASE_URL',
  'PGPASSWORD',
  'HF_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'PARLEY_PUBLIC_URL',
  'PARLEY_ANYTHING',
  'NODE_OPTIONS_OF_MINE',
];
/** What role-process.ts names, and what Node adds for its pipe. */
const allowed = [
  'PATH',
  'LANG',
  'TMPDIR',
  'PARLEY_KERNELS',
  'PARLEY_ISA',
  'NODE_ENV',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
];
const entries = (await readdir(runs)).filter(
  (name) => name.endsWith('-process.ts') && name !== 'role-process.ts',
);
const peerOf = (entry: string): Peer =>
  entry.startsWith('owner') ? 'owner' : entry.startsWith('dealer') ? 'dealer' : 0;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-role-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** Its variables by name. Until the new program is loaded, the kernel still shows the worker's. */
async function environmentOf(pid: number): Promise<Map<string, string>> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const lines = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter(Boolean);
    const found = new Map(
      lines.map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1)] as const;
      }),
    );
    if (found.has('NODE_CHANNEL_FD')) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`process ${pid} did not start within two seconds`);
}

test('every kind of process of a run is found', () => {
  expect(entries.toSorted()).toEqual([
    'dealer-process.ts',
    'offline-process.ts',
    'owner-process.ts',
    'party-process.ts',
  ]);
});

test.runIf(process.platform === 'linux').each(entries)(
  '%s has none of the secrets of its worker, and no variable that was not named',
  async (entry) => {
    for (const name of secrets) vi.stubEnv(name, `${secret}-${name}`);
    const role = peerOf(entry);
    await mkdir(join(folder, roleFileName(role)), { recursive: true });
    const silent = { onReport: () => {}, onFailure: () => {} };
    const child = new RoleProcess(role, join(runs, entry), folder, silent);
    try {
      const { pid } = child;
      if (pid === undefined) throw new Error(`${entry} did not start`);
      const found = await environmentOf(pid);
      expect([...found.keys()].filter((name) => !allowed.includes(name))).toEqual([]);
      expect([...found.values()].filter((value) => value.includes(secret))).toEqual([]);
    } finally {
      child.finish();
      child.kill();
      await child.gone;
    }
  },
);

test('a process that trains has none of them either, and finds its data folder', async () => {
  for (const name of secrets) vi.stubEnv(name, `${secret}-${name}`);
  vi.stubEnv('PARLEY_DATA', folder);
  const entry = join(folder, 'tells-its-environment.mjs');
  await writeFile(
    entry,
    `process.once('message', () => {
      process.send({ type: 'failed', reason: JSON.stringify(process.env) }, () => process.disconnect());
    });`,
  );
  const end = await startTraining({ recipe: {}, folder, price: 'only' }, () => {}, entry).end;
  const found = JSON.parse(end.type === 'failed' ? end.reason : '{}') as Record<string, string>;
  expect(found['PARLEY_DATA']).toBe(folder);
  const known = [...allowed, 'HOME', 'PARLEY_DATA', 'PARLEY_FASHION_MNIST'];
  expect(Object.keys(found).filter((name) => !known.includes(name))).toEqual([]);
  expect(Object.values(found).filter((value) => value.includes(secret))).toEqual([]);
});

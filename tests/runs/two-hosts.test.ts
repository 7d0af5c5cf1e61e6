/**
 * One database, two hosts: each with a data folder of its own, and in common only what PARLEY_SHARED
 * names. Real worker processes, real runs.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readArtifact } from '../../server/runs/artifacts.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { openQueue } from '../../server/runs/queue.ts';
import { readCertificate } from '../../server/runs/read-certificate.ts';
import { readDetail } from '../../server/runs/views.ts';
import { useDatabase } from '../support/database.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const main = join(import.meta.dirname, '..', '..', 'server', 'runs', 'worker-main.ts');

async function folderOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `parley-${name}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startHost(data: string, shared: string): Promise<ChildProcess> {
  const child = fork(main, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      PARLEY_DATA: data,
      PARLEY_SHARED: shared,
      PARLEY_DEMO: '0',
      PARLEY_FIRST_RUN: '0',
      PARLEY_CALIBRATE: '0',
      PARLEY_SLOTS: '1',
    },
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('a worker ended')));
    child.stdout?.on('data', (text: Buffer) => {
      if (text.toString().includes('worker ready')) resolve();
    });
  });
  return child;
}

test('two workers share the runs; what they leave is read on a third host', async () => {
  const [one, other, third, shared] = await Promise.all([
    folderOf('host-one'),
    folderOf('host-other'),
    folderOf('host-third'),
    folderOf('shared'),
  ]);
  await Promise.all([startHost(one, shared), startHost(other, shared)]);
  vi.stubEnv('PARLEY_DATA', third);
  vi.stubEnv('PARLEY_SHARED', shared);
  onTestFinished(() => void vi.unstubAllEnvs());
  const queue = await openQueue(database.url, 'send');
  onTestFinished(() => queue.close());
  const ids: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    ids.push((await createRun({ db: database.db, queue }, smallSpec, 'web')).id);
  }
  const pids = new Set<number>();
  for (let waited = 0; waited < 900; waited += 1) {
    const workers = await database.db.worker.findMany({ where: { runId: { not: null } } });
    for (const { pid } of workers) pids.add(pid);
    const left = await database.db.run.count({ where: { id: { in: ids }, finishedAt: null } });
    if (left === 0) break;
    await sleep(100);
  }
  for (const id of ids) {
    const run = await readDetail(database.db, id);
    expect(run.state, run.reason ?? '').toBe('done');
    expect((await readArtifact(database.db, id, 'trace-party-0.json')).text).toContain('"traces"');
    expect((await readCertificate(database.db, id)).document).toMatchObject({ runId: id });
  }
  expect(pids.size).toBe(2);
  // Nothing that others need lies on one host alone.
  for (const folder of [one, other]) expect(await readdir(folder)).not.toContain('blobs');
  expect((await readdir(shared)).toSorted()).toEqual(expect.arrayContaining(['blobs', 'keys']));
});

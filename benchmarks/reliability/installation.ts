/** An installation of its own for fault and load tests: `npm start`, with pages or without, on an empty folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endStates } from '../../server/api/schemas/run-view.ts';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { createClient, type Database } from '../../server/db/client.ts';
import { findEmbedded } from '../../server/db/embedded-postgres.ts';
import { openQueue, type Queue } from '../../server/runs/queue.ts';

const base = {
  version: 1,
  model: 'minilm-2l-imdb',
  dataset: { id: 'imdb-heldout', samples: 4 },
  sequenceLength: 8,
  approximations: { gelu: 'quad', softmax: '2quad' },
  network: { name: 'loopback', backend: 'none', bitsPerSecond: 1e12, rttMs: 0, topology: 'pair' },
  measurement: { batchSize: 1, repeats: 2 },
  reveal: 'logits',
  seed: { kind: 'random' },
};
const ring = { bits: 64, fractionBits: 18 };

/** Small runs, about a second each: three parties, and two with a dealer. */
export const smallSpecs: readonly [RunSpec, RunSpec] = [
  runSpecSchema.parse({ ...base, protocol: { variant: 'replicated/aby3', ring } }),
  runSpecSchema.parse({ ...base, protocol: { variant: 'additive/fast', ring } }),
];

export interface Installation {
  readonly folder: string;
  readonly db: Database;
  readonly queue: Queue;
  /** Null without pages. */
  readonly url: string | null;
  /** What its processes printed so far. */
  said(): string;
  stop(): Promise<void>;
}

/** @throws Error naming `what`, where it does not come true within `ms` */
export async function until(
  what: string,
  ok: () => boolean | Promise<boolean>,
  ms: number,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await ok())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms / 1000} s`);
    await sleep(20);
  }
}

async function ended(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null) return;
  app.kill('SIGTERM');
  await Promise.race([new Promise((resolve) => app.once('exit', resolve)), sleep(20_000)]);
}

/** Ready when its worker is, and the run that it makes by itself has ended. */
export async function startInstallation({ pages }: { pages: boolean }): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-faults-'));
  process.env['PARLEY_DATA'] = folder;
  const main = join(import.meta.dirname, '..', '..', 'server', 'cli', 'start', 'main.ts');
  const app = spawn(process.execPath, [main, ...(pages ? [] : ['--only', 'worker'])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PARLEY_DATA: folder, PARLEY_DEMO: '0', PARLEY_CALIBRATE: '0' },
  });
  let said = '';
  for (const stream of [app.stdout, app.stderr])
    stream.on('data', (text) => (said += String(text)));
  try {
    await until('the worker', () => said.includes('worker ready'), 240_000);
    const found = await findEmbedded(folder);
    if (found === undefined) throw new Error('its database does not answer');
    const db = createClient(found.url);
    const open = { state: { notIn: [...endStates] } };
    await until('its first run', async () => (await db.run.count({ where: open })) === 0, 120_000);
    const queue = await openQueue(found.url, 'send');
    return {
      folder,
      db,
      queue,
      url: /is ready after .*?(http:\S+)/.exec(said)?.[1] ?? null,
      said: () => said,
      async stop() {
        await queue.close();
        await db.$disconnect();
        await ended(app);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await ended(app);
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`the installation did not come up:\n${said.slice(-2000)}`, { cause: error });
  }
}

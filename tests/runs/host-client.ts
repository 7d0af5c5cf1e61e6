/**
 * The worker's side of host-namespaces.sh: one run over three hosts, then one in which a host is cut off.
 * Prints a line of JSON for each.
 */
import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runSpecSchema } from '../../server/api/schemas/run-spec.ts';
import { createClient } from '../../server/db/client.ts';
import { dataFolder } from '../../server/db/data-folder.ts';
import { ensureEmbedded, stopEmbedded } from '../../server/db/embedded-postgres.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import { readCertificate } from '../../server/runs/read-certificate.ts';
import { readDetail } from '../../server/runs/views.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const folder = process.argv[2] ?? '';
const hosts = [0, 1, 2].map((index) => {
  const text = readFileSync(join(folder, `host-${index}.json`), 'utf8');
  return JSON.parse(text) as { listening: string; pin: string };
});
process.env['PARLEY_PARTY_HOSTS'] = hosts.map(({ listening, pin }) => `${listening}#${pin}`).join();

const { url } = await ensureEmbedded(dataFolder(), { volatile: true });
await migrate(url);
const connection = { db: createClient(url), url };
const { db } = connection;

async function run(repeats: number, during?: (id: string) => Promise<void>): Promise<void> {
  const spec = runSpecSchema.parse({
    ...smallSpec,
    network: {
      name: 'hosts',
      backend: 'none',
      bitsPerSecond: 1e12,
      rttMs: 0,
      topology: 'pair',
    },
    measurement: { batchSize: 1, repeats },
  });
  const { id } = await createRun({ db, queue: rememberingQueue() }, spec, 'cli');
  const claim = await claimRun(db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  let cutAtMs = 0;
  const [outcome] = await Promise.all([
    executeRun(connection, claim, { stop: new AbortController().signal }),
    during?.(id).then(() => (cutAtMs = performance.now())),
  ]);
  const endedAfterMs = cutAtMs === 0 ? null : performance.now() - cutAtMs;
  const { reason, headline, prediction } = await readDetail(db, id);
  const certificate =
    outcome === 'done' ? (await readCertificate(db, id)).document.before.facts : null;
  const agrees = prediction?.agrees ?? false;
  const onlineMs = headline?.onlineMs.median ?? null;
  console.log(JSON.stringify({ outcome, reason, agrees, onlineMs, endedAfterMs, certificate }));
}

try {
  await run(1);
  await run(20, async (id) => {
    for (;;) {
      const { state } = await db.run.findUniqueOrThrow({ where: { id } });
      if (state === 'running') break;
      if (!['preparing', 'linkCheck'].includes(state)) return;
      await sleep(50);
    }
    await sleep(500);
    execSync(process.env['PARLEY_HOST_CUT'] ?? 'false');
  });
} finally {
  await db.$disconnect();
  await stopEmbedded(dataFolder());
}

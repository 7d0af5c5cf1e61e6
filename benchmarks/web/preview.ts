/**
 * The form's budget: how long the server takes for a price, over every preset.
 *
 *   node benchmarks/web/preview.ts [--runs 200]
 *
 * Runs an embedded PostgreSQL of its own with so many finished runs, in a temporary folder that is
 * removed. Timed is the procedure's call inside the server process, database included, browser and JSON
 * left out. `first`: nothing of this spec is remembered yet, as after a change of the model, the
 * functions or the protocol. `again`: median of 9 with another network each, as while a link is dragged.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCaller } from '../../server/api/root.ts';
import { createClient } from '../../server/db/client.ts';
import { ensureEmbedded, stopEmbedded } from '../../server/db/embedded-postgres.ts';
import { migrate } from '../../server/db/migrate.ts';
import { listPresets } from '../../server/runs/presets.ts';
import { storeRuns } from '../../tests/support/stored-runs.ts';
import { madeUpRuns } from './seed-runs.ts';

const budgetMs = 150;
const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' } } });
const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
const { url } = await ensureEmbedded(folder);
await migrate(url);
const db = createClient(url);
const api = createCaller(() => ({ connection: { db, url }, queue: { enqueue: async () => {} } }));
await storeRuns(db, await madeUpRuns(Number(values.runs), new Date()));

const timed = async (body: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await body();
  return performance.now() - start;
};

let worst = 0;
console.log('preset'.padEnd(46), 'first'.padStart(9), 'again'.padStart(9));
for (const { id, spec } of await listPresets()) {
  const first = await timed(() => api.runs.preview(spec));
  const again: number[] = [];
  for (let turn = 1; turn <= 9; turn++) {
    const network = { ...spec.network, name: 'bench', rttMs: 10 + turn };
    again.push(await timed(() => api.runs.preview({ ...spec, network })));
  }
  const median = again.toSorted((a, b) => a - b)[4] ?? 0;
  worst = Math.max(worst, first, median);
  console.log(
    id.padEnd(46),
    `${first.toFixed(0)} ms`.padStart(9),
    `${median.toFixed(0)} ms`.padStart(9),
  );
}
const load = loadavg()[0]?.toFixed(1) ?? '?';
console.log(
  `slowest ${worst.toFixed(0)} ms, budget ${budgetMs} ms: ${worst <= budgetMs ? 'kept' : 'not kept'}; ${availableParallelism()} cores, load ${load}`,
);
await db.$disconnect();
await stopEmbedded(folder);
await rm(folder, { recursive: true, force: true });

/**
 * The results' budgets: how long the server takes with many runs stored.
 *
 *   node benchmarks/web/results.ts [--runs 10000] [--data FOLDER]
 *
 * Runs an embedded PostgreSQL of its own, in a temporary folder that is removed, or in FOLDER, which is
 * kept (to look at the page with so many runs). Timed is a procedure's call inside the server process,
 * database included, browser and JSON left out; median and largest of 15 after 3 that do not count.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCaller } from '../../server/api/root.ts';
import { columns, defaultColumns } from '../../server/api/schemas/results-columns.ts';
import { createClient } from '../../server/db/client.ts';
import { ensureEmbedded, stopEmbedded } from '../../server/db/embedded-postgres.ts';
import { migrate } from '../../server/db/migrate.ts';
import { exportResults } from '../../server/results/export-results.ts';
import { storeRuns } from '../../tests/support/stored-runs.ts';
import { madeUpRuns } from './seed-runs.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, data: { type: 'string' } },
});
const wanted = Number(values.runs);
if (!Number.isInteger(wanted) || wanted < 1) {
  console.error(`--runs is "${values.runs}": give a whole number from 1.`);
  process.exit(2);
}
const firstRowsMs = 1000;
const filterMs = 200;

const folder = values.data ?? (await mkdtemp(join(tmpdir(), 'parley-bench-')));
await mkdir(folder, { recursive: true });
const { url } = await ensureEmbedded(folder);
await migrate(url);
const db = createClient(url);
const api = createCaller(() => ({ connection: { db, url }, queue: { enqueue: async () => {} } }));

const stored = await db.run.count();
const began = performance.now();
await storeRuns(db, await madeUpRuns(Math.max(0, wanted - stored), new Date()));
await db.$executeRaw`ANALYZE`;
console.log(
  `${await db.run.count()} runs stored, ${((performance.now() - began) / 1000).toFixed(1)} s`,
);

async function time(body: () => Promise<unknown>): Promise<{ median: number; largest: number }> {
  const times: number[] = [];
  for (let i = 0; i < 18; i += 1) {
    const start = performance.now();
    await body();
    if (i >= 3) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[7] ?? Number.NaN, largest: times.at(-1) ?? Number.NaN };
}

let missed = 0;
async function report(what: string, budgetMs: number | null, body: () => Promise<unknown>) {
  const { median, largest } = await time(body);
  const late = budgetMs !== null && largest > budgetMs;
  if (late) missed += 1;
  const budget = budgetMs === null ? '' : `  budget ${budgetMs} ms${late ? '  MISSED' : ''}`;
  console.log(
    `${what.padEnd(62)} ${median.toFixed(0).padStart(5)} ms  largest ${largest.toFixed(0).padStart(5)} ms${budget}`,
  );
}

/** What the page asks for before the first rows stand there. */
async function firstRows(q: string): Promise<number> {
  const { ids } = await api.results.ids({ q });
  await api.results.rows({ ids: ids.slice(0, 50) });
  return ids.length;
}

await report('first rows, all runs', firstRowsMs, () => firstRows(''));
for (const q of [
  'state:done',
  'approx:2quad',
  'variant:replicated acc>80%',
  'rtt>=40ms latency<5s bytes<200MB -tag:retry',
  'puma',
  'link:not-met',
  'commit:a -machine:intel',
  'has:result sort:latency',
  'sort:-acc',
  'sort:model',
  'with:archived created>2026-01-01 sort:-bytes',
  'group:variant sort:latency',
]) {
  const { length } = (await api.results.ids({ q })).ids;
  await report(`filter ${q} (${length})`, filterMs, () => api.results.ids({ q }));
}
await report('50 rows', filterMs, async () => firstRows('id:k'));
await report('page of 50 by keyset', filterMs, () => api.results.list({ q: 'sort:latency' }));
await report('counts without each of 4 terms', filterMs, () =>
  api.results.withoutEach({ q: 'rtt>=40ms latency<1ms bytes<200MB approx:2quad' }),
);
await report('constant columns, of all', filterMs, () =>
  api.results.constants({ q: 'state:done', columns: columns.map(({ id }) => id) }),
);
await report('values for completion', filterMs, () => api.results.values());
await report(`CSV of all ${wanted}`, null, async () => {
  const request = {
    format: 'csv',
    query: '',
    columns: defaultColumns,
    units: 'decimal',
    only: null,
  } as const;
  const { pieces } = await exportResults(db, request);
  let characters = 0;
  for await (const piece of pieces) characters += piece.length;
  return characters;
});

const [load = 0] = loadavg();
console.log(`load average ${load.toFixed(1)} on ${availableParallelism()} cores`);
await db.$disconnect();
if (values.data === undefined) {
  await stopEmbedded(folder);
  await rm(folder, { recursive: true, force: true });
} else console.log(`kept in ${folder}; its database runs on`);
process.exitCode = missed === 0 ? 0 : 1;

/**
 * What a papers' page waits for on a server that has just started: the first answer of a fresh process,
 * with many runs stored, and the second one.
 *
 *   node benchmarks/papers/pages.ts [--runs 10000]
 *
 * Two fifths of the runs are of the papers' own specs, by the engine of now, so that cells are filled; the
 * others are made up as in benchmarks/web. An embedded PostgreSQL of its own, in a temporary folder that
 * is removed. Every page is asked in a process of its own; loading the program is printed apart. Exits
 * with 1 where a first answer takes longer than a second.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    url: { type: 'string' },
    page: { type: 'string' },
  },
});
const wanted = Number(values.runs);
if (!Number.isInteger(wanted) || wanted < 1) {
  console.error(`--runs is "${values.runs}": give a whole number from 1.`);
  process.exit(2);
}
const budgetMs = 1000;
const pages = ['list', 'puma', 'mpcformer', 'mpcvit', 'findings', 'cell', 'side-by-side'] as const;
type Page = (typeof pages)[number];

interface Answer {
  readonly importMs: number;
  readonly firstMs: number;
  readonly secondMs: number;
  readonly bytes: number;
}

/** In the process of one page: what its procedure takes at first, and then. */
async function ask(page: Page, url: string): Promise<Answer> {
  const began = performance.now();
  const { createCaller } = await import('../../server/api/root.ts');
  const { createClient } = await import('../../server/db/client.ts');
  const db = createClient(url);
  const { papers } = createCaller(() => ({
    connection: { db, url },
    queue: { enqueue: async () => {} },
  }));
  const bodies: Readonly<Record<Page, () => Promise<unknown>>> = {
    list: () => papers.list(),
    puma: () => papers.get({ slug: 'puma' }),
    mpcformer: () => papers.get({ slug: 'mpcformer' }),
    mpcvit: () => papers.get({ slug: 'mpcvit' }),
    findings: () => papers.findings({ slug: 'puma' }),
    cell: () => papers.cell({ id: 'puma.t3.puma.bert-base-s' }),
    'side-by-side': () => papers.sideBySide({ subject: 'vit_7_4_32' }),
  };
  // The pool is open in a server that runs.
  await db.$queryRaw`SELECT 1`;
  const times = [performance.now()];
  let answer: unknown;
  for (let i = 0; i < 2; i += 1) {
    answer = await bodies[page]();
    times.push(performance.now());
  }
  await db.$disconnect();
  const [start = 0, first = 0, second = 0] = times;
  return {
    importMs: start - began,
    firstMs: first - start,
    secondMs: second - first,
    bytes: JSON.stringify(answer).length,
  };
}

/** Runs of the papers' specs that fill their cells, in turn, until there are so many. */
async function paperRuns(count: number) {
  const { allCells } = await import('../../server/papers/catalog.ts');
  const { specsOf } = await import('../../server/papers/book.ts');
  const { forecastOf } = await import('../../server/papers/predict.ts');
  const { ownEnvironment } = await import('../../server/runs/calibration/rates-store.ts');
  const { hashSpec } = await import('../../server/runs/spec-hash.ts');
  const { madeUpRuns } = await import('../web/seed-runs.ts');
  const [like] = (await madeUpRuns(200, new Date())).filter(({ headline }) => headline !== null);
  if (like?.headline == null) throw new TypeError('no made-up run with a result');
  const specs = new Map<string, RunSpec>();
  for (const placed of allCells) {
    if (placed.cell.recipe.kind === 'missing') continue;
    for (const spec of specsOf(placed)) specs.set(hashSpec(spec).hash, spec);
  }
  const environment = await ownEnvironment();
  const made = await Promise.all(
    [...specs.values()].map(async (spec) => {
      const forecast = await forecastOf(spec);
      const headline: Headline = {
        ...(like.headline as Headline),
        accuracy: null,
        samples: spec.dataset.samples,
        rounds: forecast?.rounds ?? 0,
        onlineBytesSent: [forecast?.onlineBytes ?? 0, 0],
        dealerBytes: forecast?.dealerBytes ?? 0,
        replayed: { onlineMs: 1000, n: 1, share: 0.01 },
      };
      return { spec, headline };
    }),
  );
  return Array.from({ length: count }, (_, index) => ({
    ...(made[index % made.length] as (typeof made)[number]),
    createdAt: new Date(Date.now() - index * 60_000),
    environment,
    linkVerdict: index % 3 === 0 ? ('not met' as const) : ('met' as const),
  }));
}

async function measure(): Promise<boolean> {
  const { createClient } = await import('../../server/db/client.ts');
  const { ensureEmbedded, stopEmbedded } = await import('../../server/db/embedded-postgres.ts');
  const { migrate } = await import('../../server/db/migrate.ts');
  const { storeRuns } = await import('../../tests/support/stored-runs.ts');
  const { madeUpRuns } = await import('../web/seed-runs.ts');
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const { url } = await ensureEmbedded(folder);
  await migrate(url);
  const db = createClient(url);
  const ofPapers = Math.floor(wanted * 0.4);
  const ids = await storeRuns(db, await paperRuns(ofPapers));
  await storeRuns(db, await madeUpRuns(wanted - ofPapers, new Date()));
  await db.operationTotal.createMany({ data: ids.flatMap(operationsOf) });
  // What the installation said of its runs when they were queued, so that a price need not work it out.
  await db.run.updateMany({ data: { expectedLatency: expected } });
  await db.$executeRaw`ANALYZE`;
  console.log(`${await db.run.count()} runs stored, ${ofPapers} of them of papers' cells`);
  await db.$disconnect();
  let isLate = false;
  for (const page of pages) {
    const self = fileURLToPath(import.meta.url);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [self, '--url', url, '--page', page],
      { env: { ...process.env, PARLEY_DATA: folder } },
    );
    const { importMs, firstMs, secondMs, bytes } = JSON.parse(stdout) as Answer;
    const ms = (value: number): string => `${value.toFixed(0).padStart(5)} ms`;
    const late = firstMs > budgetMs;
    isLate ||= late;
    console.log(
      `${page.padEnd(14)} first${ms(firstMs)}  again${ms(secondMs)}  program loaded in${ms(importMs)}  ${(bytes / 1000).toFixed(0)} kB${late ? `  MISSED ${budgetMs} ms` : ''}`,
    );
  }
  const [load = 0] = loadavg();
  console.log(`load average ${load.toFixed(1)} on ${availableParallelism()} cores`);
  await stopEmbedded(folder);
  await rm(folder, { recursive: true, force: true });
  return !isLate;
}

const expected = {
  onlineMs: 1000,
  low80: 900,
  high80: 1100,
  basis: 20,
  offlineMs: 0,
  formulaLocalMs: 500,
  formulaLinkMs: 500,
  formulaOfflineMs: 0,
  widening: 1,
  calibration: null,
};

/** A few places a run, as the rows by function read them. */
const operationsOf = (runId: string) =>
  ['softmax', 'gelu', 'output', 'intermediate'].map((place, ordinal) => ({
    runId,
    ordinal,
    path: `layer0.${place}`,
    op: 'matmul',
    phase: 'online' as const,
    calls: 1,
    elements: 1n,
    bytesSent: [1n, 1n],
    predictedBytesSent: [],
    dealerBytes: 0n,
    computeMs: 1,
    waitMs: 1,
  }));

const isPage = (page: string): page is Page => (pages as readonly string[]).includes(page);
const { url, page } = values;
if (url !== undefined && page !== undefined && isPage(page)) {
  console.log(JSON.stringify(await ask(page, url)));
} else process.exitCode = (await measure()) ? 0 : 1;

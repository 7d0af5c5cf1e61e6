/** Runs of cells go into a file and come out of it in another installation, where they fill the cells. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { readDemo } from '../../server/demo/demo-file.ts';
import { hideDemo } from '../../server/demo/hide-demo.ts';
import { loadDemo } from '../../server/demo/load-demo.ts';
import { findCell } from '../../server/papers/catalog.ts';
import { readCell, readPaper } from '../../server/papers/index.ts';
import { forecastOf } from '../../server/papers/predict.ts';
import { readSideBySide } from '../../server/papers/side-by-side.ts';
import { sideChoice } from '../../server/papers/side-by-side-specs.ts';
import { shipRuns } from '../../server/papers/ship-runs.ts';
import { packageVersion } from '../../server/runs/environment.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun } from '../support/fixtures.ts';
import { storeRuns } from '../support/stored-runs.ts';

const origin = useDatabase();
const fresh = useDatabase();
const cellId = 'puma.t5.puma.bert-64-s';
const unmetId = 'mpcvit.cifar-10.scale.latency';
let path = '';

const specOf = (id: string) => {
  const { recipe } = findCell(id).cell;
  if (recipe.kind !== 'run') throw new TypeError(`${id} is no run`);
  return recipe.spec;
};

async function headlineOf(id: string, seconds: number): Promise<Headline> {
  const forecast = await forecastOf(specOf(id));
  const headline = doneRun.headline as Headline;
  return {
    ...headline,
    accuracy: null,
    samples: 1,
    onlineMs: { ...headline.onlineMs, median: seconds * 1000, n: 1 },
    replayed: { onlineMs: seconds * 500, n: 1, share: 0.01 },
    rounds: forecast?.rounds ?? 0,
    onlineBytesSent: [forecast?.onlineBytes ?? 0, 0, 0],
    dealerBytes: forecast?.dealerBytes ?? 0,
  };
}

const environment = { cpu: 'Zen 4', cores: '2', commit: 'abc123', parley: packageVersion() };
const createdAt = new Date(Date.UTC(2026, 10, 1));

beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'parley-ship-')), 'paper-runs.json.gz');
  await storeRuns(origin.db, [
    {
      id: 'older',
      spec: specOf(cellId),
      headline: await headlineOf(cellId, 8),
      createdAt: new Date(Date.UTC(2026, 9, 1)),
      environment,
      linkVerdict: 'met',
    },
    {
      id: 'newest',
      spec: specOf(cellId),
      headline: await headlineOf(cellId, 7),
      createdAt,
      environment,
      linkVerdict: 'met',
    },
    {
      id: 'unmet',
      spec: specOf(unmetId),
      headline: await headlineOf(unmetId, 40),
      createdAt,
      environment,
      linkVerdict: 'not met',
    },
    {
      id: 'other',
      spec: specOf('puma.t5.puma.bert-128-s'),
      headline: { ...(await headlineOf('puma.t5.puma.bert-128-s', 9)), rounds: 1 },
      createdAt,
      environment,
      linkVerdict: 'met',
    },
  ]);
});
afterAll(() => rm(join(path, '..'), { recursive: true, force: true }));

test('the newest run of now of every spec is written, with its machine and commit', async () => {
  expect(await shipRuns(origin.db, path)).toMatchObject({ path, runs: 2 });
  const file = await readDemo(path);
  expect(file?.runs.map(({ run }) => run.id).toSorted()).toEqual(['newest', 'unmet']);
  expect(file?.commit).toBe('abc123');
  expect(file?.machine).not.toBe('');
});

test('in another installation they fill their cells, marked shipped, with commit and date', async () => {
  expect((await readCell(fresh.db, cellId)).cell.result).toBeNull();
  expect(await loadDemo(fresh.db, path)).toBe(2);
  expect(await loadDemo(fresh.db, path)).toBe(0);
  const { cell, history, price } = await readCell(fresh.db, cellId);
  expect(cell.result).toMatchObject({
    value: 7,
    provenance: 'measured',
    shipped: true,
    link: 'met',
    runId: 'newest',
    commit: 'abc123',
    at: new Date(createdAt.getTime() + 60_000).toISOString(),
  });
  expect(cell.second).toMatchObject({ value: 3.5, provenance: 'replayed', shipped: true });
  expect(history).toMatchObject([{ runId: 'newest', shipped: true, current: true }]);
  // What came shipped is not made here yet: its run still has a price.
  expect(price.wallMs).toBeGreaterThan(0);
  const run = await fresh.db.run.findUniqueOrThrow({ where: { id: 'newest' } });
  expect(run).toMatchObject({ shipped: true, environment: { cpu: 'Zen 4', commit: 'abc123' } });
});

test('runs of the side-by-side page ship too, and stand in its rows as shipped', async () => {
  const { spec } = sideChoice('vit_7_4_32', 'puma', 'own');
  if (spec === null) throw new TypeError('no spec');
  const forecast = await forecastOf(spec);
  const headline = doneRun.headline as Headline;
  await storeRuns(origin.db, [
    {
      id: 'side',
      spec,
      headline: {
        ...headline,
        accuracy: null,
        samples: 1,
        rounds: forecast?.rounds ?? 0,
        onlineBytesSent: [forecast?.onlineBytes ?? 0, 0, 0],
        dealerBytes: forecast?.dealerBytes ?? 0,
      },
      createdAt,
      environment,
      linkVerdict: 'met',
    },
  ]);
  expect(await shipRuns(origin.db, path)).toMatchObject({ runs: 3 });
  expect(await loadDemo(fresh.db, path)).toBe(1);
  const entryOf = async () => {
    const { entries } = await readSideBySide(fresh.db, 'vit_7_4_32');
    return entries.find(({ method, set }) => method === 'puma' && set === 'own');
  };
  expect(await entryOf()).toMatchObject({ own: null, shipped: { id: 'side', shipped: true } });
  await hideDemo(fresh.db, true);
  expect(await entryOf()).toMatchObject({ own: null, shipped: null });
  await hideDemo(fresh.db, false);
});

test('a link that was not as asked for ships as such: the replayed time fills the cell', async () => {
  const { cell } = await readCell(fresh.db, unmetId);
  expect(cell.result).toMatchObject({ value: 20, provenance: 'replayed', link: 'not met' });
  expect(cell.explanation).toMatch(/not as asked for.*replayed on the asked link/);
});

test('shipped runs that somebody has put away fill nothing, and come back with them', async () => {
  await hideDemo(fresh.db, true);
  const { cell, history } = await readCell(fresh.db, cellId);
  expect(cell).toMatchObject({ result: null, verdict: 'notRun' });
  expect(history).toEqual([]);
  const { coverage } = await readPaper(fresh.db, 'puma');
  expect(coverage.exactVerified).toBe(0);
  await hideDemo(fresh.db, false);
  expect((await readCell(fresh.db, cellId)).cell.result?.runId).toBe('newest');
});

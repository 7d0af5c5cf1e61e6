/** What is related to a run or a frozen copy: newer runs of the same spec, notebooks, a pinned baseline. */
import { beforeAll, describe, expect, test } from 'vitest';
import { handleTable } from '../../server/api/handle-table.ts';
import { createCaller } from '../../server/api/root.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun, pumaSpec, quadSpec } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const context = async () => ({ connection: database, queue: rememberingQueue() });
const api = createCaller(context);
const headline = doneRun.headline as Headline;
const later = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

beforeAll(async () => {
  await storeRuns(database.db, [
    { id: 'puma', spec: pumaSpec, headline, createdAt: later(-60) },
    {
      id: 'qrun77',
      spec: quadSpec,
      headline: { ...headline, rounds: headline.rounds * 2 },
      createdAt: later(-60),
    },
  ]);
});

describe('newer data', () => {
  test('of a frozen comparison is what ended since with the same specs, here', async () => {
    const { slug } = await api.permalinks.publishComparison({ ids: ['puma', 'qrun77'] });
    expect(await api.permalinks.newer({ slug })).toEqual({ runs: 0, newest: [] });
    await storeRuns(database.db, [
      { id: 'again', spec: pumaSpec, headline, createdAt: later(1), shipped: true },
      { id: 'old', spec: pumaSpec, headline, createdAt: later(-30) },
    ]);
    const ended = async (id: string, minutes: number): Promise<void> =>
      void (await database.db.run.update({
        where: { id },
        data: { state: 'done', finishedAt: later(minutes) },
      }));
    await ended('again', 2);
    await ended('old', -20);
    // Measured elsewhere, or before it was frozen: not newer.
    expect((await api.permalinks.newer({ slug })).runs).toBe(0);
    await storeRuns(database.db, [
      { id: 'new1', spec: pumaSpec, headline, createdAt: later(3) },
      { id: 'new2', spec: pumaSpec, headline, createdAt: later(4) },
    ]);
    await ended('new1', 5);
    await ended('new2', 6);
    expect(await api.permalinks.newer({ slug })).toMatchObject({
      runs: 2,
      newest: [{ id: 'new2' }],
    });
  });

  test('of a link that is not there is not found', async () => {
    await expect(api.permalinks.newer({ slug: 'a'.repeat(32) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

test('notebooks that cite a run are found by its id and by its spec', async () => {
  const { specHash } = await database.db.run.findUniqueOrThrow({ where: { id: 'qrun77' } });
  const make = (title: string, source: string) =>
    api.notebooks.create({
      text: writeNotebook({ title, cells: [{ id: 'm', kind: 'markdown', source }] }),
    });
  const byId = await make('By id', 'See /runs/qrun77.');
  const bySpec = await make('By spec', `The spec ${specHash}.`);
  await make('Neither', 'Nothing.');
  const found = await api.runs.citedBy({ id: 'qrun77' });
  expect(found.map(({ id }) => id).sort()).toEqual([byId.id, bySpec.id].sort());
  expect(await api.runs.citedBy({ id: 'new2' })).toEqual([]);
  await expect(api.runs.citedBy({ id: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a table with a baseline has its ratios, and one that is not stored is refused', async () => {
  const get = (query: string): Promise<Response> =>
    handleTable(
      new Request(`http://localhost:4300/api/results.csv?${query}`, {
        headers: { host: 'localhost:4300' },
      }),
      context,
    );
  const table = await (await get('runs=puma,qrun77&cols=rounds&baseline=puma')).text();
  const lines = table.trimEnd().split('\n');
  expect(lines[0]).toBe('run,provenance,shipped,rounds,rounds_times_baseline');
  expect(lines[1]).toMatch(/,1$/);
  expect(lines[2]).toMatch(/,2$/);
  const gone = await get('cols=rounds&baseline=gone');
  expect(gone.status).toBe(404);
  expect(await gone.text()).toMatch(/baseline is \\"gone\\"/);
});

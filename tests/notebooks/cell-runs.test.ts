/** Run cells on a real database: sweeps, what is there of them, what is queued and what is not. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { expandSweep } from '../../server/api/schemas/sweep.ts';
import { hasLists, splitLists } from '../../server/api/schemas/sweep-of-lists.ts';
import { runAnswer } from '../../server/notebooks/cell-runs.ts';
import { runHeadless } from '../../server/notebooks/run-headless.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { sweepOfLists } from '../../server/runs/sweep-lists.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const queue = rememberingQueue();
const api = createCaller(() => ({ connection: database, queue })).notebooks;
const headline = doneRun.headline as Headline;

const samples = (list: readonly number[]) =>
  ({ ...smallSpec, dataset: { ...smallSpec.dataset, samples: list } }) as never;
const withSamples = (count: number) => ({
  ...smallSpec,
  dataset: { ...smallSpec.dataset, samples: count },
});

beforeAll(async () => {
  await storeRuns(database.db, [
    { id: 'two', spec: withSamples(2), headline },
    { id: 'three', spec: withSamples(3), headline },
  ]);
});

describe('lists in a spec', () => {
  test('a spec without any asks for one run; with some, for every combination', () => {
    expect(hasLists(smallSpec)).toBe(false);
    const input = {
      ...smallSpec,
      dataset: { ...smallSpec.dataset, samples: [1, 2] },
      approximations: { gelu: ['quad', 'puma'], softmax: '2quad' },
    };
    const { base, axes, empty } = splitLists(input);
    expect([axes.length, empty.length]).toEqual([2, 0]);
    expect(expandSweep({ base: base as never, axes: [...axes] })).toHaveLength(4);
    // The command line splits them by the same code.
    expect(sweepOfLists(input)).toEqual({ base, axes });
  });

  test('an empty list is named', async () => {
    const empty = await api.answer({ kind: 'run', spec: samples([]) });
    expect(empty).toMatchObject({
      status: 'error',
      message: expect.stringContaining('dataset.samples'),
    });
  });

  test('a list where none can be, and too many runs, are refused with the fix', async () => {
    const list = { ...smallSpec, version: [1, 1] } as never;
    expect(await api.answer({ kind: 'run', spec: list })).toMatchObject({
      status: 'error',
      message: expect.stringContaining('version'),
    });
    const many = samples(Array.from({ length: 65 }, (_, index) => index + 1));
    expect(await api.answer({ kind: 'run', spec: many })).toMatchObject({
      status: 'error',
      message: expect.stringContaining('Shorten a list'),
    });
  });
});

describe('a sweep in a cell', () => {
  test('is a table in the order of its lists when all of it was run', async () => {
    const answer = await api.answer({ kind: 'run', spec: samples([3, 2, 3]) });
    if (answer.status !== 'ok' || answer.value.kind !== 'table') throw new Error('no table');
    expect(answer.value.table.rows.map(({ runs }) => runs[0])).toEqual(['three', 'two']);
  });

  test('says what is missing, queues only that, and follows what another queued', async () => {
    const spec = samples([2, 3, 1, 5]);
    const before = queue.jobs.length;
    const open = await api.answer({ kind: 'run', spec });
    expect(open).toMatchObject({
      status: 'stale',
      message: '2 of its 4 runs are there.',
      open: {
        of: 4,
        missing: [hashSpec(withSamples(1)).hash, hashSpec(withSamples(5)).hash],
        pending: [],
        stopped: [],
      },
    });
    expect(queue.jobs.length).toBe(before);

    const made = await api.runMissing({ spec });
    expect([made.ids.length, made.had]).toEqual([2, 2]);
    expect(made.tag).toMatch(/^sweep-/);
    expect(queue.jobs.length).toBe(before + 2);
    expect(await api.answer({ kind: 'run', spec })).toMatchObject({
      status: 'stale',
      open: { pending: [...made.ids] },
    });
    // A second press, or a second tab, starts nothing twice.
    expect(await api.runMissing({ spec })).toEqual({ ids: [], tag: null, had: 4 });
    expect(queue.jobs.length).toBe(before + 2);
  });

  test('a run that ended without a result is named, and made anew when asked', async () => {
    const spec = withSamples(6);
    const { ids } = await api.runMissing({ spec });
    await database.db.run.updateMany({
      where: { id: { in: [...ids] } },
      data: { state: 'failed', finishedAt: new Date() },
    });
    expect(await api.answer({ kind: 'run', spec })).toMatchObject({
      status: 'stale',
      open: { pending: [], stopped: [{ id: ids[0], state: 'failed' }] },
    });
    expect((await api.runMissing({ spec })).ids).toHaveLength(1);
  });

  test('a deleted run makes the cell stale again', async () => {
    await storeRuns(database.db, [{ id: 'eight', spec: withSamples(8), headline }]);
    expect((await runAnswer(database.db, withSamples(8))).status).toBe('ok');
    await database.db.run.delete({ where: { id: 'eight' } });
    expect((await runAnswer(database.db, withSamples(8))).status).toBe('stale');
    expect(await api.missingRuns({ ids: ['eight', 'two', 'eight'] })).toEqual(['eight']);
  });

  test('one of its runs that cannot be run stops all of it before anything is queued', async () => {
    const before = queue.jobs.length;
    await expect(api.runMissing({ spec: samples([2, -1]) })).rejects.toMatchObject({
      message: expect.stringContaining('run 2 of 2'),
    });
    expect(queue.jobs.length).toBe(before);
  });

  test('without a page it is offered once, with what it lacks', async () => {
    const offered: unknown[] = [];
    const notebook = {
      title: 'T',
      cells: [
        { id: 'r', kind: 'run', name: 'mine', source: JSON.stringify(samples([2, 9])) } as const,
        { id: 'a', kind: 'assertion', source: 'count(mine) == 2' } as const,
      ],
    };
    const report = await runHeadless(database.db, notebook, async (_, __, open) => {
      offered.push(open?.missing.length);
      await storeRuns(database.db, [{ id: 'nine', spec: withSamples(9), headline }]);
      return true;
    });
    expect(offered).toEqual([1]);
    expect(report.passed).toBe(true);
  });
});

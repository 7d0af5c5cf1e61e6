import { beforeEach, describe, expect, test } from 'vitest';
import { createRun } from '../../server/runs/create-run.ts';
import {
  advance,
  claimRun,
  endRun,
  findOrphans,
  heartbeat,
  heartbeatTimeoutMs,
  loseRuns,
  readOrder,
  releaseRun,
  requestCancel,
  requestYield,
} from '../../server/runs/lifecycle.ts';
import { readEvents } from '../../server/runs/events.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const queue = rememberingQueue();

let runId = '';
beforeEach(async () => {
  runId = (await createRun({ db: database.db, queue }, smallSpec, 'web')).id;
});

const stateOf = async (id = runId) =>
  (await database.db.run.findUniqueOrThrow({ where: { id } })).state;

/** As if the worker had died a while ago. */
const silence = (id = runId) =>
  database.db.run.update({
    where: { id },
    data: { heartbeatAt: new Date(Date.now() - 2 * heartbeatTimeoutMs) },
  });

async function claimed(id = runId) {
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  return claim;
}

describe('the way of a run', () => {
  test('goes from queued to done in order, with an event for each state', async () => {
    const { db } = database;
    const claim = await claimed();
    await advance(db, claim, 'preparing');
    await advance(db, claim, 'linkCheck');
    await advance(db, claim, 'running');
    await advance(db, claim, 'scoring', { headline: { samples: 4 } });
    const row = await db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(row).toMatchObject({ state: 'done', claimId: null, headline: { samples: 4 } });
    expect(row.finishedAt).not.toBeNull();
    const events = await readEvents(db, runId, 0);
    expect(events.map(({ seq, state }) => [seq, state])).toEqual([
      [1, 'queued'],
      [2, 'preparing'],
      [3, 'linkCheck'],
      [4, 'running'],
      [5, 'scoring'],
      [6, 'done'],
    ]);
  });

  test('knows no short cut and no way back', async () => {
    const { db } = database;
    const claim = await claimed();
    await expect(advance(db, claim, 'running')).rejects.toMatchObject({ kind: 'conflict' });
    await advance(db, claim, 'preparing');
    await expect(advance(db, claim, 'preparing')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await stateOf()).toBe('linkCheck');
  });

  test.each(['failed', 'cancelled'] as const)('%s is an end: nothing changes it', async (end) => {
    const { db } = database;
    const claim = await claimed();
    await endRun(db, claim, end, 'Because.');
    await expect(advance(db, claim, 'preparing')).rejects.toMatchObject({ kind: 'lostClaim' });
    await expect(endRun(db, claim, 'failed', 'Again.')).rejects.toMatchObject({
      kind: 'lostClaim',
    });
    expect(await claimRun(db, runId)).toBeNull();
    const row = await db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(row).toMatchObject({ state: end, reason: 'Because.' });
  });
});

describe('claims', () => {
  test('two workers: one gets the run', async () => {
    const claims = await Promise.all([
      claimRun(database.db, runId),
      claimRun(database.db, runId),
      claimRun(database.db, runId),
    ]);
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test('a dead worker loses the run to the next one, and cannot write it any more', async () => {
    const { db } = database;
    const first = await claimed();
    expect(await claimRun(db, runId)).toBeNull();
    await silence();
    expect(await findOrphans(db)).toContain(runId);
    const second = await claimed();
    expect(second.attempt).toBe(2);
    expect(await heartbeat(db, first)).toBe('lost');
    await expect(advance(db, first, 'preparing')).rejects.toMatchObject({ kind: 'lostClaim' });
    expect(await heartbeat(db, second)).toBe('continue');
  });

  test('what a run is expected to hold is known before it is claimed', async () => {
    const { memoryBytes } = await database.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(Number(memoryBytes)).toBeGreaterThan(100e6);
  });

  test('two runs that do not fit together are never claimed on one host', async () => {
    const { db } = database;
    const create = () => createRun({ db, queue }, smallSpec, 'web');
    const other = (await create()).id;
    const big = { data: { memoryBytes: 6_000_000_000n } };
    for (const id of [runId, other]) await db.run.update({ where: { id }, ...big });
    const host = { name: `host of ${runId}`, memoryBytes: 10e9 };
    const claims = await Promise.allSettled([claimRun(db, runId, host), claimRun(db, other, host)]);
    const won = claims.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(won).toHaveLength(1);
    const [first] = won;
    if (first === null || first === undefined) throw new Error('nobody got a run');
    const waiting = first.runId === runId ? other : runId;
    await expect(claimRun(db, waiting, host)).rejects.toMatchObject({
      kind: 'noRoom',
      message: expect.stringMatching(/needs about 6\.0 GB.*hold 6\.0 GB of 10\.0 GB/) as string,
    });
    expect(await stateOf(waiting)).toBe('queued');
    // There is room elsewhere, and here once the first one has ended.
    const elsewhere = await claimRun(db, waiting, { name: 'elsewhere', memoryBytes: 10e9 });
    if (elsewhere === null) throw new Error('not claimed elsewhere');
    await releaseRun(db, elsewhere, 'Elsewhere is stopping.');
    await endRun(db, first, 'cancelled', 'Enough.');
    expect(await claimRun(db, waiting, host)).not.toBeNull();
  });

  test('memory of a dead worker is free, and a run that is alone is let in whatever it needs', async () => {
    const { db } = database;
    const other = (await createRun({ db, queue }, smallSpec, 'web')).id;
    const host = { name: `small host of ${runId}`, memoryBytes: 1 };
    const first = await claimRun(db, runId, host);
    expect(first).not.toBeNull();
    await expect(claimRun(db, other, host)).rejects.toMatchObject({ kind: 'noRoom' });
    await silence();
    expect(await claimRun(db, other, host)).not.toBeNull();
    await expect(claimRun(db, runId, host)).rejects.toMatchObject({ kind: 'noRoom' });
    // One that has ended does not wait for room.
    const ended = (await createRun({ db, queue }, smallSpec, 'web')).id;
    await requestCancel(db, ended);
    expect(await claimRun(db, ended, host)).toBeNull();
  });

  test('after two dead workers the run is lost, with a reason', async () => {
    const { db } = database;
    await claimed();
    await silence();
    await claimed();
    await silence();
    expect(await loseRuns(db)).toBe(1);
    expect(await claimRun(db, runId)).toBeNull();
    const row = await db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(row.state).toBe('lost');
    expect(row.reason).toMatch(/worker process died in each of 2 attempts/);
    expect((await readEvents(db, runId, 0)).at(-1)).toMatchObject({ kind: 'state', state: 'lost' });
  });

  test('a run that was given back has not been tried', async () => {
    const { db } = database;
    const claim = await claimed();
    await releaseRun(db, claim, 'The worker is stopping.');
    expect(await stateOf()).toBe('queued');
    expect((await claimed()).attempt).toBe(1);
  });
});

describe('cancelling', () => {
  test('ends a queued run at once', async () => {
    expect(await requestCancel(database.db, runId)).toBe('cancelled');
    expect(await claimRun(database.db, runId)).toBeNull();
    expect(await requestCancel(database.db, runId)).toBe('cancelled');
  });

  test('tells the worker of a running one', async () => {
    const claim = await claimed();
    expect(await readOrder(database.db, claim)).toBe('continue');
    expect(await requestCancel(database.db, runId)).toBe('preparing');
    expect(await readOrder(database.db, claim)).toBe('cancel');
    expect(await heartbeat(database.db, claim)).toBe('cancel');
  });

  test('is refused for a run that has ended, and for none', async () => {
    const claim = await claimed();
    await endRun(database.db, claim, 'failed', 'Because.');
    await expect(requestCancel(database.db, runId)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(requestCancel(database.db, 'nope')).rejects.toMatchObject({ kind: 'notFound' });
  });
});

test("a visitor's run makes a first-start run give way, and no other", async () => {
  const { db } = database;
  const first = await createRun({ db, queue }, smallSpec, 'first-start');
  const own = await claimed(first.id);
  const other = await claimed();
  await createRun({ db, queue }, smallSpec, 'web');
  expect(await readOrder(db, own)).toBe('yield');
  expect(await readOrder(db, other)).toBe('continue');
  await releaseRun(db, own, 'Makes room for another run.');
  await claimed(first.id);
  await requestYield(db);
});

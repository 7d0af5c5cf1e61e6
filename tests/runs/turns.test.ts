/** Whose turn it is: levels before one another, users beside one another, nobody twice in a row for nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createRun } from '../../server/runs/create-run.ts';
import { claimRun, requestCancel } from '../../server/runs/lifecycle.ts';
import { moveInQueue } from '../../server/runs/move-in-queue.ts';
import { readOwnPage } from '../../server/runs/own-page.ts';
import { previewRun } from '../../server/runs/preview-run.ts';
import { openQueue } from '../../server/runs/queue.ts';
import {
  backgroundRank,
  listWaiting,
  moveToLevel,
  rankOf,
  readRank,
} from '../../server/runs/turns.ts';
import { makePerson } from '../support/accounts.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const queue = rememberingQueue();

beforeEach(async () => {
  await database.db.run.deleteMany();
});

const queueFor = async (userId: string | null): Promise<string> =>
  (await createRun({ db: database.db, queue, userId }, smallSpec, 'web')).id;
const waiting = async (): Promise<string[]> =>
  (await listWaiting(database.db, 100)).map(({ id }) => id);

async function twoPeople(): Promise<[string, string]> {
  const [one, other] = await Promise.all([
    makePerson(database.db, 'runner'),
    makePerson(database.db, 'runner'),
  ]);
  return [one.userId, other.userId];
}

describe('users beside one another', () => {
  test('who queues one run does not wait for the eight of somebody else', async () => {
    const [many, few] = await twoPeople();
    const theirs: string[] = [];
    for (let i = 0; i < 8; i += 1) theirs.push(await queueFor(many));
    const own = await queueFor(few);
    expect(await waiting()).toEqual([theirs[0], own, ...theirs.slice(1)]);
    // What the pages say of the wait is the same order.
    expect((await readOwnPage(database.db, own)).queue?.runs).toBe(1);
    expect((await readOwnPage(database.db, theirs[7] ?? '')).queue?.runs).toBe(8);
    expect((await previewRun(database.db, smallSpec, few)).queue?.runs).toBeLessThan(
      (await previewRun(database.db, smallSpec, many)).queue?.runs ?? 0,
    );
  });

  test('two with many runs take turns', async () => {
    const [one, other] = await twoPeople();
    const ones: string[] = [];
    const others: string[] = [];
    for (let i = 0; i < 4; i += 1) ones.push(await queueFor(one));
    for (let i = 0; i < 4; i += 1) others.push(await queueFor(other));
    const order = (await waiting()).map((id) => (ones.includes(id) ? 'one' : 'other'));
    expect(order).toEqual(['one', 'other', 'one', 'other', 'one', 'other', 'one', 'other']);
  });

  test('who was away earns nothing: a newcomer starts where the queue is', async () => {
    const [busy, late] = await twoPeople();
    const first: string[] = [];
    for (let i = 0; i < 6; i += 1) first.push(await queueFor(busy));
    for (const id of first.slice(0, 4)) expect(await claimRun(database.db, id)).not.toBeNull();
    const newcomers = [await queueFor(late), await queueFor(late), await queueFor(late)];
    // Not all of the newcomer's before the rest, as a count of past runs would have it.
    expect(await waiting()).toEqual([newcomers[0], first[4], newcomers[1], first[5], newcomers[2]]);
  });

  test('a run that was taken back before anybody worked on it costs its user nothing', async () => {
    const [one, other] = await twoPeople();
    const regretted = [await queueFor(one), await queueFor(one), await queueFor(one)];
    const others = [await queueFor(other), await queueFor(other)];
    for (const id of regretted) await requestCancel(database.db, id);
    const own = await queueFor(one);
    expect(await waiting()).toEqual([others[0], own, others[1]]);
  });

  test('without accounts runs are taken as they came', async () => {
    const ids = [await queueFor(null), await queueFor(null), await queueFor(null)];
    expect(await waiting()).toEqual(ids);
  });
});

describe('levels', () => {
  test('are one number, highest first, without overlap however long the turns', () => {
    const at = (priority: number, turn: number): number => rankOf({ priority, turn });
    expect(at(1, 1e9)).toBeGreaterThan(at(0, 0));
    expect(at(0, 1e9)).toBeGreaterThan(at(-1, 0));
    expect(at(-1, 1e9)).toBeGreaterThan(backgroundRank);
    expect(at(0, 5)).toBeGreaterThan(at(0, 6));
    for (const rank of [at(1, 0), at(-2, 1e12)]) {
      expect(Math.abs(rank)).toBeLessThan(2 ** 31);
      expect(Number.isInteger(rank)).toBe(true);
    }
  });

  test('a raised run is next, a lowered one last, and it can be put back', async () => {
    const context = { db: database.db, queue };
    const [a, b, c] = [await queueFor(null), await queueFor(null), await queueFor(null)];
    await moveInQueue(context, c, 'high');
    await moveInQueue(context, a, 'low');
    expect(await waiting()).toEqual([c, b, a]);
    expect((await readOwnPage(database.db, c)).priority).toBe('high');
    expect(queue.jobs.at(-1)).toEqual({ runId: a, rank: await readRank(database.db, a) });
    await moveInQueue(context, c, 'normal');
    expect(await waiting()).toEqual([b, c, a]);
  });

  test('a run that waits no longer, and one that does not exist, are not moved', async () => {
    const id = await queueFor(null);
    await requestCancel(database.db, id);
    await expect(moveToLevel(database.db, id, 'high')).rejects.toThrow(/is cancelled: it waits/);
    await expect(moveToLevel(database.db, 'nosuchrun', 'low')).rejects.toThrow(/no run nosuchrun/);
  });
});

test('jobs come in that order, and those of a moved run name an old rank', async () => {
  const sender = await openQueue(database.url, 'send');
  onTestFinished(() => sender.close());
  const context = { db: database.db, queue: sender };
  const [a, b] = [
    (await createRun(context, smallSpec, 'web')).id,
    (await createRun(context, smallSpec, 'web')).id,
  ];
  const before = await readRank(database.db, b);
  await moveInQueue(context, b, 'high');
  const taker = await openQueue(database.url, 'work');
  onTestFinished(() => taker.close());
  const taken: [string, number | undefined][] = [];
  await taker.work(async (runId, rank) => {
    taken.push([runId, rank]);
  });
  for (let waited = 0; taken.length < 3 && waited < 200; waited += 1) await sleep(50);
  expect(taken).toEqual([
    [b, await readRank(database.db, b)],
    [a, await readRank(database.db, a)],
    [b, before],
  ]);
});

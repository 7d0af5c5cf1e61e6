import { describe, expect, test } from 'vitest';
import {
  reachedLimits,
  readQuota,
  requireQuota,
  setQuota,
  trainedSeconds,
} from '../../server/accounts/quotas.ts';
import type { QuotaLimits } from '../../server/api/schemas/accounts.ts';
import { changedLimits } from '../../server/cli/commands/quota.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { requestCancel } from '../../server/runs/lifecycle.ts';
import { createSweep } from '../../server/runs/sweep.ts';
import { makePerson } from '../support/accounts.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const queue = rememberingQueue();
const none: QuotaLimits = {
  cpuSeconds: null,
  sentBytes: null,
  concurrentRuns: null,
  storedBytes: null,
};
const used = { cpuSeconds: 9.5, sentBytes: 100, concurrentRuns: 2, storedBytes: 0 };

describe('limits in words', () => {
  test('none, and not yet', () => {
    expect(reachedLimits({ limits: none, used })).toEqual([]);
    expect(reachedLimits({ limits: { ...none, concurrentRuns: 3, cpuSeconds: 10 }, used })).toEqual(
      [],
    );
  });

  test('each by its name, with what is used and allowed', () => {
    const limits = { cpuSeconds: 9, sentBytes: 100, concurrentRuns: 2, storedBytes: 0 };
    expect(reachedLimits({ limits, used })).toEqual([
      'CPU seconds of 30 days: 9 of 9',
      'bytes sent in 30 days: 100 of 100',
      'runs and trainings queued or under way: 2 of 2',
      'bytes of stored files: 0 of 0',
    ]);
  });

  test('many runs at once count as many', () => {
    const limits = { ...none, concurrentRuns: 4 };
    expect(reachedLimits({ limits, used }, 2)).toEqual([]);
    expect(reachedLimits({ limits, used }, 3)).toEqual([
      'runs and trainings queued or under way: 2 of 4, 3 more were asked for',
    ]);
  });
});

test('the command line sets the limits that are given, and no others', () => {
  const before = { ...none, sentBytes: 5 };
  expect(changedLimits(before, {})).toBeNull();
  expect(changedLimits(before, { cpuSeconds: '3600', json: true })).toEqual({
    ...before,
    cpuSeconds: 3600,
  });
  expect(changedLimits(before, { sentBytes: 'none', concurrentRuns: '0' })).toEqual({
    ...none,
    concurrentRuns: 0,
  });
  for (const text of ['', 'many', '-1', '1.5']) {
    expect(() => changedLimits(before, { concurrentRuns: text })).toThrow(
      `--concurrent-runs is "${text}": give a number from 0, or none.`,
    );
  }
});

test('runs are their user’s, count while they live, and a sweep is queued whole or not', async () => {
  const { db } = database;
  const [mine, other] = [await makePerson(db, 'runner'), await makePerson(db, 'runner')];
  await setQuota(db, mine.userId, { ...none, concurrentRuns: 2 });
  const context = { db, queue, userId: mine.userId };
  const { id } = await createRun(context, smallSpec, 'web');
  expect((await readQuota(db, mine.userId)).used.concurrentRuns).toBe(1);
  expect((await readQuota(db, other.userId)).used.concurrentRuns).toBe(0);
  await expect(requireQuota(db, mine.userId, 2)).rejects.toMatchObject({ kind: 'quota' });
  await requireQuota(db, mine.userId);
  await requireQuota(db, other.userId, 1000);
  await requireQuota(db, null, 1000);
  const axes = [{ field: 'measurement.repeats' as const, values: [1, 2] }];
  await expect(createSweep(context, { base: smallSpec, axes })).rejects.toMatchObject({
    kind: 'quota',
  });
  expect((await readQuota(db, mine.userId)).used.concurrentRuns).toBe(1);
  await requestCancel(db, id);
  expect((await readQuota(db, mine.userId)).used.concurrentRuns).toBe(0);
});

test('CPU, bytes and files of the last thirty days are those that were measured', async () => {
  const { db } = database;
  const { userId } = await makePerson(db, 'runner');
  const { id } = await createRun({ db, queue, userId }, smallSpec, 'web');
  await db.run.update({ where: { id }, data: { totalBytes: 1234n } });
  const zero = { rounds: 0, computeMs: 0, waitMs: 0, worstLateMs: 0 };
  const counts = { bytesSent: 0n, frameBytesSent: 0n, framesSent: 0n, framesLate: 0n };
  for (const party of [0, 1]) {
    await db.partyTotal.create({
      data: {
        runId: id,
        party,
        ...zero,
        ...counts,
        framesReceived: 0n,
        peakRssBytes: 0n,
        cpuMs: 1500,
      },
    });
  }
  await db.artifact.create({
    data: { runId: id, name: 'trace', sha256: '0'.repeat(64), bytes: 77n, path: 'a/b' },
  });
  const now = await readQuota(db, userId);
  expect(now.used).toEqual({
    cpuSeconds: 3,
    sentBytes: 1234,
    concurrentRuns: 1,
    storedBytes: 77,
  });
  const later = await readQuota(db, userId, new Date(Date.now() + 31 * 24 * 3600 * 1000));
  expect(later.used).toEqual({
    cpuSeconds: 0,
    sentBytes: 0,
    concurrentRuns: 1,
    storedBytes: 77,
  });
});

test('a training counts as a run while it is open, and its seconds as CPU seconds', async () => {
  expect(trainedSeconds([])).toBe(0);
  const curve = [
    { stage: 'layers', seconds: 2 },
    { stage: 'layers', seconds: 5 },
    { stage: 'logits', seconds: 3 },
  ];
  expect(trainedSeconds(curve)).toBe(8);
  const { db } = database;
  const { userId } = await makePerson(db, 'runner');
  const { id } = await db.training.create({
    data: {
      id: 't-quotatestaaa',
      recipe: {},
      recipeHash: '0'.repeat(64),
      kind: 'distillation',
      title: 'a student',
      createdBy: userId,
      curve: curve.map((point, step) => ({ ...point, step, loss: 1, accuracy: null })),
    },
  });
  expect((await readQuota(db, userId)).used).toMatchObject({ cpuSeconds: 8, concurrentRuns: 1 });
  await db.training.update({ where: { id }, data: { state: 'done' } });
  expect((await readQuota(db, userId)).used).toMatchObject({ cpuSeconds: 8, concurrentRuns: 0 });
});

/** Use case: a checked spec becomes a row and a job. */
import { randomBytes } from 'node:crypto';
import { requireGuestSize } from '../accounts/guests.ts';
import type { RunOrigin, RunSummary } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { expectationColumn } from './calibration/expectation-column.ts';
import { requireSpec } from './check-spec.ts';
import { appendEventIn, plainEvent } from './events.ts';
import { requestYield } from './lifecycle.ts';
import { storeSpec } from './listing-columns.ts';
import { memoryOf } from './price.ts';
import type { Queue } from './queue.ts';
import { aroundMs, wholeRunMs, type Expected } from './run-time.ts';
import { hashSpec } from './spec-hash.ts';
import { nextTurn, rankOf } from './turns.ts';
import { readSummary } from './views.ts';

export interface RunContext {
  readonly db: Database;
  readonly queue: Pick<Queue, 'enqueue'>;
  /** Whose run it will be; null or absent where there are no accounts. */
  readonly userId?: string | null;
}

/** 12 characters of base32 without look-alikes: readable in a URL, 60 bits. Not a secret. */
export function newRunId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789a';
  return [...randomBytes(12)].map((byte) => alphabet[byte & 31]).join('');
}

/**
 * Checks, stores and queues. A run that a person asked for makes a first-start run give way.
 * @throws RunError 'invalid' with field, value and fix of everything that is wrong; AccountsError 'quota'
 *   for a guest's run that is too large
 */
export async function createRun(
  { db, queue, userId = null }: RunContext,
  input: unknown,
  origin: RunOrigin,
): Promise<RunSummary> {
  const spec = await requireSpec(input);
  const { canonical, hash } = hashSpec(spec);
  const id = newRunId();
  const [expectation, { totalBytes }, around] = await Promise.all([
    expectationColumn(db, spec),
    memoryOf(spec),
    aroundMs(db),
  ]);
  const expected = (expectation.expectedLatency ?? null) as unknown as Expected | null;
  const sizes = { samples: spec.dataset.samples, ...spec.measurement };
  const seconds = wholeRunMs(expected, sizes, around) / 1000;
  requireGuestSize(userId, { seconds, memoryBytes: totalBytes });
  const level = origin === 'first-start' ? 'background' : 'normal';
  const turn = await db.$transaction(async (tx) => {
    await storeSpec(tx, spec, { canonical, hash });
    const next = await nextTurn(tx, { userId, level, seconds });
    await tx.run.create({
      data: {
        id,
        specHash: hash,
        origin: origin === 'first-start' ? 'firstStart' : origin,
        createdBy: userId,
        ...expectation,
        memoryBytes: BigInt(totalBytes),
        ...next,
      },
    });
    await appendEventIn(tx, id, plainEvent('state', 'queued'));
    return next;
  });
  await queue.enqueue(id, rankOf(turn));
  if (origin !== 'first-start') await requestYield(db);
  return readSummary(db, id);
}

/**
 * Puts runs that the queue does not know into it again: a process may die between the row and the
 * job. Called when a worker starts; a job too many does no harm.
 */
export async function requeueForgotten({ db, queue }: RunContext): Promise<number> {
  const rows = await db.run.findMany({
    where: { state: 'queued', createdAt: { lt: new Date(Date.now() - 5000) } },
    orderBy: { createdAt: 'asc' },
    select: { id: true, priority: true, turn: true },
  });
  for (const { id, ...turn } of rows) await queue.enqueue(id, rankOf(turn));
  return rows.length;
}

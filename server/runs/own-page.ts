/** Everything about one run as its own page shows it: with notes, what was expected, and its place in the queue. */
import type { RunDetail } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { readExpected } from './calibration/read-expected.ts';
import { aroundMs, queueAhead } from './run-time.ts';
import { priorityOf } from './turns.ts';
import { readAnnotated } from './views.ts';

/** @throws RunError 'notFound' */
export async function readOwnPage(db: Database, runId: string): Promise<RunDetail> {
  const [run, expected] = await Promise.all([readAnnotated(db, runId), readExpected(db, runId)]);
  if (run.state !== 'queued') return { ...run, expected };
  const [turn, around] = await Promise.all([
    db.run.findUniqueOrThrow({ where: { id: runId }, select: { priority: true, turn: true } }),
    aroundMs(db),
  ]);
  const queue = await queueAhead(db, around, turn, new Date(run.createdAt));
  return { ...run, expected, queue, priority: priorityOf(turn.priority) };
}

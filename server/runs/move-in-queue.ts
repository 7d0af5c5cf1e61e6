/** Use case: a run that waits goes to another level of the queue. */
import type { RunPriority } from '../api/schemas/run-view.ts';
import type { RunContext } from './create-run.ts';
import { moveToLevel } from './turns.ts';

/** @throws RunError 'notFound', or 'conflict' for a run that no longer waits */
export async function moveInQueue(
  { db, queue }: RunContext,
  runId: string,
  level: RunPriority,
): Promise<void> {
  await queue.enqueue(runId, await moveToLevel(db, runId, level));
}

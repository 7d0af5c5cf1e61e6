/** A queue that only remembers what was put in: for tests of what comes before it. */
import type { Queue } from '../../server/runs/queue.ts';

export interface RememberingQueue extends Pick<Queue, 'enqueue'> {
  readonly jobs: { readonly runId: string; readonly rank: number }[];
}

export function rememberingQueue(): RememberingQueue {
  const jobs: { runId: string; rank: number }[] = [];
  return {
    jobs,
    enqueue: async (runId, rank) => {
      jobs.push({ runId, rank });
    },
  };
}

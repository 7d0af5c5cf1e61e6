/** A queue that only remembers what was put in: for tests of what comes before it. */
import type { Queue } from '../../server/runs/queue.ts';

export interface RememberingQueue extends Pick<Queue, 'enqueue'> {
  readonly jobs: { readonly runId: string; readonly origin: string }[];
}

export function rememberingQueue(): RememberingQueue {
  const jobs: { runId: string; origin: string }[] = [];
  return {
    jobs,
    enqueue: async (runId, origin) => {
      jobs.push({ runId, origin });
    },
  };
}

/**
 * The queue: pg-boss in the same database. A job is a run's id, nothing more; what is to be done lies
 * in the run's row, and whether it may be done is decided by `claimRun`. So a job that is delivered
 * twice, or late, does no harm.
 *
 * pg-boss notices a dead worker by its missing heartbeat (10 s is its minimum) and hands the job to
 * another; it retries more often than we let a run be tried, since the run's own count decides.
 */
import { PgBoss, type Job } from 'pg-boss';
import { z } from 'zod';
import { RunError } from './errors.ts';

const queueName = 'runs';
/** The rank it was queued with (turns.ts); a run that was moved since has another job. */
const jobSchema = z.object({ runId: z.string(), rank: z.number().optional() });

/** A run with more time than this is stuck; its own time limits end it long before. */
const expireInSeconds = 12 * 60 * 60;

export interface Queue {
  /** Puts a run into the queue, the highest rank first; `delaySeconds` keeps it back for a moment. */
  enqueue(runId: string, rank: number, delaySeconds?: number): Promise<void>;
  /** Takes jobs one at a time; a handler that throws has its job delivered again. */
  work(handler: (runId: string, rank: number | undefined) => Promise<void>): Promise<void>;
  /** Stops taking jobs, waits for the handler at most `timeoutMs`, closes. */
  close(timeoutMs?: number): Promise<void>;
}

/**
 * Connects to the queue, creating it where it is missing.
 * @param role `send` only enqueues; `work` also supervises (finds dead workers' jobs)
 */
export async function openQueue(url: string, role: 'send' | 'work'): Promise<Queue> {
  const supervised = role === 'work';
  const boss = new PgBoss({
    connectionString: url,
    max: 3,
    supervise: supervised,
    schedule: false,
    useListenNotify: supervised,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', (error: Error & { code?: string }) => {
    // 57P01: the database is stopping, or coming back; pg-boss goes on by itself.
    if (error.code !== '57P01') console.error(`queue: ${error.message}`);
  });
  await boss.start();
  await boss.createQueue(queueName, {
    retryLimit: 20,
    retryDelay: 1,
    heartbeatSeconds: 10,
    expireInSeconds,
    notify: true,
  });
  return {
    async enqueue(runId, rank, delaySeconds = 0) {
      const options = { priority: rank, startAfter: delaySeconds };
      const job = await boss.send(queueName, { runId, rank }, options);
      if (job === null) throw new RunError('conflict', `run ${runId} could not be queued.`);
    },
    async work(handler) {
      await boss.work(
        queueName,
        {
          batchSize: 1,
          pollingIntervalSeconds: 0.5,
          notifyPollingIntervalSeconds: 0.5,
          heartbeatRefreshSeconds: 4,
        },
        async (jobs: Job<unknown>[]) => {
          for (const { data } of jobs) {
            const { runId, rank } = jobSchema.parse(data);
            await handler(runId, rank);
          }
        },
      );
    },
    async close(timeoutMs = 5000) {
      await boss.stop({ graceful: true, timeout: timeoutMs });
    },
  };
}

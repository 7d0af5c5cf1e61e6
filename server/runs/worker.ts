/**
 * The worker: takes runs from the queue, one at a time, and survives what they do. A worker process has
 * as many of these loops as it has slots (worker-main.ts); the command line runs one inside itself when
 * no app is running.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../db/client.ts';
import { dataFolder } from '../db/data-folder.ts';
import { isAlive } from '../db/lock-file.ts';
import type { Calibrator } from './calibration/calibrate.ts';
import { RunError } from './errors.ts';
import { appendEvent, plainEvent } from './events.ts';
import { requeueForgotten } from './create-run.ts';
import { executeRun, type ExecuteOptions } from './execute-run.ts';
import { queueFirstRun } from './first-run.ts';
import { ownHost, type Host } from './host-room.ts';
import { claimRun, findOrphans, loseRuns } from './lifecycle.ts';
import { openQueue, type Queue } from './queue.ts';
import { backgroundRank, readRank } from './turns.ts';
import {
  executeTraining,
  findForgottenTrainings,
  isTrainingId,
} from './training/execute-training.ts';

const signOfLifeEveryMs = 2000;
const sweepEveryMs = 5000;
/** A released first-start run waits this long, so that the run it gave way to is taken first. */
const giveWaySeconds = 3;
/** A run for which there is no room waits this long before it is looked at again. */
const noRoomSeconds = 3;
const forgetWorkersAfterMs = 24 * 60 * 60 * 1000;

export interface WorkerOptions {
  /** Whether a fresh installation makes its first run by itself. */
  readonly firstRun: boolean;
  /** Measures this machine when nothing else is to do; shared by the slots, ended by its owner. */
  readonly calibrator?: Calibrator;
  /** Whose memory its runs share; default: this machine. */
  readonly host?: Host;
  readonly launch?: ExecuteOptions['launch'];
  readonly log?: (line: string) => void;
}

export interface RunningWorker {
  /** Gives the current run back, then closes. */
  stop(): Promise<void>;
}

/** Removes the folders of runs whose worker was killed: their names end with its process id. */
async function removeLeftovers(): Promise<void> {
  const folder = join(dataFolder(), 'runs');
  for (const name of await readdir(folder).catch(() => [])) {
    if (isAlive(Number(name.split('-').at(-1)))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** Prisma's messages begin with a call and end with what happened. */
const lastLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';

/** Starts taking runs. Rejects when the database or the queue cannot be reached. */
export async function startWorker(
  connection: Connection,
  { firstRun, calibrator, host = ownHost(), launch, log = console.log }: WorkerOptions,
): Promise<RunningWorker> {
  const { db, url } = connection;
  const id = randomUUID();
  const stop = new AbortController();
  const options: ExecuteOptions = {
    stop: stop.signal,
    ...(launch === undefined ? {} : { launch }),
  };
  let runId: string | null = null;
  let queue: Queue | undefined = await openQueue(url, 'work');
  await removeLeftovers();
  await db.worker.create({ data: { id, host: host.name, pid: process.pid } });

  const complain = (what: string) => (error: unknown) => log(`worker: ${what}: ${lastLine(error)}`);
  const beat = setInterval(() => {
    const data = { heartbeatAt: new Date(), runId };
    const row = { id, host: host.name, pid: process.pid, ...data };
    db.worker.upsert({ where: { id }, create: row, update: data }).catch(complain('sign of life'));
  }, signOfLifeEveryMs);
  // The queue delivers a dead worker's job again, perhaps before the run counts as abandoned; this
  // finds those. Once each is enough: a job that comes too late does nothing.
  const requeued = new Set<string>();
  const sweep = setInterval(() => {
    (async () => {
      await loseRuns(db);
      for (const orphan of await findOrphans(db)) {
        if (requeued.has(orphan)) continue;
        requeued.add(orphan);
        await queue?.enqueue(orphan, await readRank(db, orphan));
      }
      for (const orphan of await findForgottenTrainings(db)) {
        if (requeued.has(orphan)) continue;
        requeued.add(orphan);
        await queue?.enqueue(orphan, backgroundRank);
      }
    })().catch(complain('sweep'));
  }, sweepEveryMs);

  // Once each is enough: a page that follows the run shows why it waits.
  const told = new Set<string>();

  const handle = async (wanted: string, rank: number | undefined): Promise<void> => {
    if (stop.signal.aborted) throw new Error('the worker is stopping');
    if (isTrainingId(wanted)) {
      calibrator?.giveWay();
      const state = await executeTraining(db, wanted, { stop: stop.signal });
      if (state !== null) log(`training ${wanted} is ${state}`);
      if (state === 'queued') {
        await queue?.enqueue(wanted, backgroundRank, stop.signal.aborted ? 0 : giveWaySeconds);
      }
      return;
    }
    const current = await readRank(db, wanted);
    // Moved in the queue since: there is a job with its new rank.
    if (rank !== undefined && rank !== current) return;
    const claim = await claimRun(db, wanted, host).catch(async (error: unknown) => {
      if (!(error instanceof RunError && error.kind === 'noRoom')) throw error;
      if (!told.has(wanted)) {
        told.add(wanted);
        await appendEvent(db, wanted, plainEvent('log', 'queued', error.message));
      }
      await queue?.enqueue(wanted, current, noRoomSeconds);
      return null;
    });
    if (claim === null) return;
    told.delete(wanted);
    calibrator?.giveWay();
    runId = wanted;
    const startedAtMs = performance.now();
    log(`run ${wanted} started${claim.attempt > 1 ? `, attempt ${claim.attempt}` : ''}`);
    try {
      const outcome = await executeRun(connection, claim, options);
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      log(`run ${wanted} ${outcome} after ${seconds} s`);
      if (outcome === 'released') {
        const delay = stop.signal.aborted ? 0 : giveWaySeconds;
        await queue?.enqueue(wanted, current, delay);
      }
    } finally {
      runId = null;
    }
  };

  await db.worker.deleteMany({
    where: { heartbeatAt: { lt: new Date(Date.now() - forgetWorkersAfterMs) } },
  });
  const context = { db, queue };
  await requeueForgotten(context);
  if (firstRun) {
    const first = await queueFirstRun(context);
    if (first !== null) log(`queued the first run of this installation: ${first}`);
  }
  await queue.work(handle);
  return {
    async stop() {
      stop.abort();
      clearInterval(sweep);
      await queue?.close(8000);
      queue = undefined;
      clearInterval(beat);
      await db.worker.deleteMany({ where: { id } }).catch(() => {});
    },
  };
}

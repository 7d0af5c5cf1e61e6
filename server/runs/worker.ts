/**
 * The worker: takes runs from the queue, one at a time, and survives what they do. Process entry when
 * it is the main file; the command line runs the same loop inside itself when no app is running.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, disconnect, type Connection } from '../db/client.ts';
import { dataFolder } from '../db/data-folder.ts';
import { isAlive } from '../db/lock-file.ts';
import { startCalibrator, type Calibrator } from './calibration/calibrate.ts';
import { paperRunsPath } from '../demo/demo-file.ts';
import { loadDemo } from '../demo/load-demo.ts';
import { requeueForgotten } from './create-run.ts';
import { executeRun, type ExecuteOptions } from './execute-run.ts';
import { queueFirstRun } from './first-run.ts';
import { claimRun, findOrphans, loseRuns } from './lifecycle.ts';
import { openQueue, type Queue } from './queue.ts';
import {
  executeTraining,
  findForgottenTrainings,
  isTrainingId,
} from './training/execute-training.ts';

const signOfLifeEveryMs = 2000;
const sweepEveryMs = 5000;
/** A released first-start run waits this long, so that the run it gave way to is taken first. */
const giveWaySeconds = 3;
const forgetWorkersAfterMs = 24 * 60 * 60 * 1000;

export interface WorkerOptions {
  /** Whether a fresh installation makes its first run by itself. */
  readonly firstRun: boolean;
  /** Whether this machine is measured when nothing else is to do; default: no. */
  readonly calibrate?: boolean;
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
  { firstRun, calibrate = false, launch, log = console.log }: WorkerOptions,
): Promise<RunningWorker> {
  const { db, url } = connection;
  const id = randomUUID();
  const stop = new AbortController();
  const options: ExecuteOptions = {
    stop: stop.signal,
    ...(launch === undefined ? {} : { launch }),
  };
  let runId: string | null = null;
  let calibrator: Calibrator | undefined;
  let queue: Queue | undefined = await openQueue(url, 'work');
  await removeLeftovers();
  await db.worker.create({ data: { id, host: hostname(), pid: process.pid } });

  const complain = (what: string) => (error: unknown) => log(`worker: ${what}: ${lastLine(error)}`);
  const beat = setInterval(() => {
    const data = { heartbeatAt: new Date(), runId };
    const row = { id, host: hostname(), pid: process.pid, ...data };
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
        await queue?.enqueue(orphan, 'web');
      }
      for (const orphan of await findForgottenTrainings(db)) {
        if (requeued.has(orphan)) continue;
        requeued.add(orphan);
        await queue?.enqueue(orphan, 'first-start');
      }
    })().catch(complain('sweep'));
  }, sweepEveryMs);

  const handle = async (wanted: string): Promise<void> => {
    if (stop.signal.aborted) throw new Error('the worker is stopping');
    if (isTrainingId(wanted)) {
      calibrator?.giveWay();
      const state = await executeTraining(db, wanted, { stop: stop.signal });
      if (state !== null) log(`training ${wanted} is ${state}`);
      if (state === 'queued') {
        await queue?.enqueue(wanted, 'first-start', stop.signal.aborted ? 0 : giveWaySeconds);
      }
      return;
    }
    const claim = await claimRun(db, wanted);
    if (claim === null) return;
    calibrator?.giveWay();
    runId = wanted;
    const startedAtMs = performance.now();
    log(`run ${wanted} started${claim.attempt > 1 ? `, attempt ${claim.attempt}` : ''}`);
    try {
      const outcome = await executeRun(connection, claim, options);
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      log(`run ${wanted} ${outcome} after ${seconds} s`);
      if (outcome === 'released') {
        const row = await db.run.findUnique({ where: { id: wanted }, select: { origin: true } });
        const origin = row?.origin === 'firstStart' ? 'first-start' : 'web';
        await queue?.enqueue(wanted, origin, stop.signal.aborted ? 0 : giveWaySeconds);
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
  if (calibrate) calibrator = startCalibrator(db, log);
  return {
    async stop() {
      stop.abort();
      calibrator?.stop();
      clearInterval(sweep);
      await queue?.close(8000);
      queue = undefined;
      clearInterval(beat);
      await db.worker.deleteMany({ where: { id } }).catch(() => {});
    },
  };
}

/** Runs that ship with Parley; a file that cannot be read is no reason not to work. */
async function loadShipped({ db }: Connection): Promise<void> {
  if (process.env['PARLEY_DEMO'] === '0') return;
  try {
    const loaded = (await loadDemo(db)) + (await loadDemo(db, paperRunsPath()));
    if (loaded > 0) console.log(`loaded ${loaded} shipped runs`);
  } catch (error) {
    console.error(
      `worker: shipped runs: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The process: starts, tries again while the database is away, ends on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const ending = new AbortController();
  let worker: RunningWorker | undefined;
  const end = async (): Promise<void> => {
    if (ending.signal.aborted) return;
    ending.abort();
    await worker?.stop().catch((error: unknown) => console.error(String(error)));
    await disconnect().catch(() => {});
    process.exit(0);
  };
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => void end());
  // Started by the supervisor: end with it, even if it was killed.
  process.on('disconnect', () => void end());
  // A defect in one place must not take the queue down: the run in hand fails by its own limits.
  process.on('unhandledRejection', (error) => console.error('worker: unhandled', error));
  for (let wait = 500; !ending.signal.aborted; wait = Math.min(wait * 2, 10_000)) {
    try {
      const connection = await connect();
      await loadShipped(connection);
      worker = await startWorker(connection, {
        firstRun: process.env['PARLEY_FIRST_RUN'] !== '0',
        calibrate: process.env['PARLEY_CALIBRATE'] !== '0',
      });
      console.log('worker ready');
      return;
    } catch (error) {
      console.error(`worker: ${error instanceof Error ? error.message : String(error)}`);
      await disconnect().catch(() => {});
      await sleep(wait);
    }
  }
}

if (process.argv[1] === import.meta.filename) await main();

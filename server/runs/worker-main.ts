/**
 * The worker's process: as many slots as this host has cores for, each with the loop of worker.ts, and
 * one calibrator between them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, disconnect, type Connection } from '../db/client.ts';
import { paperRunsPath } from '../demo/demo-file.ts';
import { loadDemo } from '../demo/load-demo.ts';
import { startCalibrator, type Calibrator } from './calibration/calibrate.ts';
import { ownSlots } from './host-room.ts';
import { startWorker, type RunningWorker } from './worker.ts';

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

/** @throws Error for what is no number of slots */
function slotsOf(text: string | undefined): number {
  if (text === undefined || text === '') return ownSlots();
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Error(
    `PARLEY_SLOTS is "${text}": not a whole number from 1 to 99. Use 1 where times are to be measured undisturbed.`,
  );
}

/** The process: starts, tries again while the database is away, ends on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const ending = new AbortController();
  let calibrator: Calibrator | undefined;
  const slots: RunningWorker[] = [];
  const stopAll = async (): Promise<void> => {
    calibrator?.stop();
    const ends = await Promise.allSettled(slots.splice(0).map((slot) => slot.stop()));
    for (const one of ends) if (one.status === 'rejected') console.error(String(one.reason));
  };
  const end = async (): Promise<void> => {
    if (ending.signal.aborted) return;
    ending.abort();
    await stopAll();
    await disconnect().catch(() => {});
    process.exit(0);
  };
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => void end());
  // Started by the supervisor: end with it, even if it was killed.
  process.on('disconnect', () => void end());
  // A defect in one place must not take the queue down: the run in hand fails by its own limits.
  process.on('unhandledRejection', (error) => console.error('worker: unhandled', error));
  const count = slotsOf(process.env['PARLEY_SLOTS']);
  for (let wait = 500; !ending.signal.aborted; wait = Math.min(wait * 2, 10_000)) {
    try {
      const connection = await connect();
      await loadShipped(connection);
      if (process.env['PARLEY_CALIBRATE'] !== '0') {
        calibrator = startCalibrator(connection.db, console.log);
      }
      for (let slot = 0; slot < count; slot += 1) {
        const firstRun = slot === 0 && process.env['PARLEY_FIRST_RUN'] !== '0';
        slots.push(
          await startWorker(connection, {
            firstRun,
            ...(calibrator === undefined ? {} : { calibrator }),
          }),
        );
      }
      console.log(count === 1 ? 'worker ready' : `worker ready, ${count} runs at a time`);
      return;
    } catch (error) {
      await stopAll();
      console.error(`worker: ${error instanceof Error ? error.message : String(error)}`);
      await disconnect().catch(() => {});
      await sleep(wait);
    }
  }
}

await main();

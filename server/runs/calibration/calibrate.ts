/**
 * When this machine is measured: while nothing runs and nothing waits, in a process of its own, once per
 * engine commit. A run that comes ends the measurement, which is tried again when the queue is empty:
 * neither may disturb the other's time.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Database } from '../../db/client.ts';
import { activeStates } from '../active-states.ts';
import { ratesSchema } from './rates.ts';
import { hasCurrentRates, storeRates } from './rates-store.ts';

const run = promisify(execFile);
const answerSchema = z.object({ rates: ratesSchema, tookMs: z.number() });
const longestMs = 120_000;

/** Measures and stores. Rejects when it is stopped or cannot be done. */
export async function calibrateNow(db: Database, signal?: AbortSignal): Promise<number> {
  const entry = join(import.meta.dirname, 'measure-main.ts');
  const { stdout } = await run(process.execPath, [entry], {
    timeout: longestMs,
    ...(signal === undefined ? {} : { signal }),
  });
  const { rates, tookMs } = answerSchema.parse(JSON.parse(stdout));
  await storeRates(db, rates, tookMs);
  return tookMs;
}

export interface Calibrator {
  /** A run begins: whatever is being measured is given up. */
  giveWay(): void;
  stop(): void;
}

const lookEveryMs = 3000;

/** Measures as soon as the queue is empty, if this engine was not measured on this machine before. */
export function startCalibrator(db: Database, log: (line: string) => void): Calibrator {
  let measuring: AbortController | undefined;
  let over = false;
  const stop = (): void => {
    over = true;
    clearInterval(timer);
    measuring?.abort();
  };
  const look = async (): Promise<void> => {
    if (over || measuring !== undefined) return;
    const mine = new AbortController();
    measuring = mine;
    try {
      const busy = await db.run.count({ where: { state: { in: ['queued', ...activeStates] } } });
      if (busy > 0 || mine.signal.aborted) return;
      if (!(await hasCurrentRates(db))) {
        const tookMs = await calibrateNow(db, mine.signal);
        log(`measured this machine's rates in ${(tookMs / 1000).toFixed(1)} s`);
      }
      stop();
    } catch (error) {
      if (mine.signal.aborted) return;
      // Expectations then start from built-in rates; the next start tries again.
      log(
        `worker: rates: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      );
      stop();
    } finally {
      measuring = undefined;
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();
  return { giveWay: () => measuring?.abort(), stop };
}

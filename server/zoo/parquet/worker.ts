/**
 * The thread in which a stranger's parquet file is read: what lies about itself in a way that the checks do
 * not see runs out of this thread's memory or time, not of Parley's.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ZooError } from '../errors.ts';
import type { ParquetQuestion } from './open-parquet.ts';
import { readFooter, readParquetRows } from './read-rows.ts';

const question = workerData as ParquetQuestion;
try {
  const { file, columns, limits } = question;
  const answer =
    columns === null
      ? await readFooter(file, limits)
      : await readParquetRows(file, columns, limits);
  parentPort?.postMessage({ answer }, []);
} catch (error) {
  const kind = error instanceof ZooError ? error.kind : 'corrupt';
  const message = error instanceof Error ? error.message : String(error);
  parentPort?.postMessage({ refused: { kind, message } }, []);
}

/** A parquet file as a table: its columns at once, rows when they are asked for. */
import { Worker } from 'node:worker_threads';
import type { Fields } from '../config-reader.ts';
import { ZooError, type ZooErrorKind } from '../errors.ts';
import { parquetLimits, type ParquetLimits } from './limits.ts';
import type { ParquetFooter } from './read-rows.ts';

export interface ParquetQuestion {
  readonly file: string;
  /** Null asks for the footer. */
  readonly columns: readonly string[] | null;
  readonly limits: ParquetLimits;
}

interface Refused {
  readonly kind: ZooErrorKind;
  readonly message: string;
}

type Reply<T> = { readonly answer: T } | { readonly refused: Refused };

function ask<T>(question: ParquetQuestion): Promise<T> {
  const { file, limits } = question;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: question,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMebibytes },
    });
    const timer = setTimeout(() => {
      void worker.terminate();
      reject(
        new ZooError('range', `${file}: not read after ${limits.seconds} s. Write fewer rows.`),
      );
    }, limits.seconds * 1000);
    worker.once('message', (reply: Reply<T>) => {
      if ('answer' in reply) resolve(reply.answer);
      else reject(new ZooError(reply.refused.kind, reply.refused.message));
    });
    worker.once('error', (cause) => {
      const why = `${file}: reading it took more than ${limits.heapMebibytes} MiB (${cause.message})`;
      reject(new ZooError('corrupt', `${why}: it unpacks to more than it says.`, { cause }));
    });
    worker.once('exit', () => clearTimeout(timer));
  });
}

/** @throws ZooError for what is no parquet file */
export const openParquet = (file: string, limits = parquetLimits): Promise<ParquetFooter> =>
  ask({ file, columns: null, limits });

/**
 * Rows with some of its columns; the others are not unpacked.
 * @throws ZooError 'range' beyond the limits, 'corrupt' where pages say other than the footer
 */
export const parquetRows = (
  file: string,
  columns: readonly string[],
  limits = parquetLimits,
): Promise<Fields[]> => ask({ file, columns, limits });

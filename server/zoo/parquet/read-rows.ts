/** Footer and rows of a parquet file. What is called here runs in the thread of `worker.ts`. */
import { open, type FileHandle } from 'node:fs/promises';
import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet';
import type { Fields } from '../config-reader.ts';
import { ZooError } from '../errors.ts';
import { chunksOf, requireHonestPages, type Slice } from './check-pages.ts';
import { classNamesOf, columnsOf, type ParquetColumn } from './columns.ts';
import type { ParquetLimits } from './limits.ts';
import { compressors } from './unpack.ts';

export interface ParquetFooter {
  readonly columns: readonly ParquetColumn[];
  readonly rows: number;
  /** By column, where the file names classes. */
  readonly classNames: Readonly<Record<string, readonly string[]>>;
}

const sliceOf =
  (handle: FileHandle): Slice =>
  async (start, end) => {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) throw new ZooError('corrupt', 'it ends too early.');
    return bytes.buffer;
  };

async function footerOf(
  slice: Slice,
  fileBytes: number,
  limits: ParquetLimits,
): Promise<FileMetaData> {
  const end = Buffer.from(
    fileBytes < 12 ? new ArrayBuffer(8) : await slice(fileBytes - 8, fileBytes),
  );
  if (end.toString('latin1', 4) !== 'PAR1') {
    throw new ZooError('corrupt', 'it does not end as parquet files do: cut off, or no parquet.');
  }
  const bytes = end.readUInt32LE(0);
  if (bytes > Math.min(limits.footerBytes, fileBytes - 12)) {
    throw new ZooError(
      'corrupt',
      `its footer is said to have ${bytes} bytes, the file has ${fileBytes}; up to ${limits.footerBytes} are read.`,
    );
  }
  return parquetMetadata(await slice(fileBytes - 8 - bytes, fileBytes));
}

async function opened<T>(
  file: string,
  limits: ParquetLimits,
  use: (metadata: FileMetaData, slice: Slice, fileBytes: number) => Promise<T>,
): Promise<T> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const slice = sliceOf(handle);
    return await use(await footerOf(slice, size, limits), slice, size);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const kind = cause instanceof ZooError ? cause.kind : 'corrupt';
    const fix = cause instanceof ZooError ? '' : ' The file is damaged, or no parquet.';
    throw new ZooError(kind, `${file}: ${why}${fix}`, { cause });
  } finally {
    await handle.close();
  }
}

export function readFooter(file: string, limits: ParquetLimits): Promise<ParquetFooter> {
  return opened(file, limits, async (metadata) => {
    const columns = columnsOf(metadata);
    const named = columns.flatMap(({ name }) => {
      const names = classNamesOf(metadata, name);
      return names === undefined ? [] : [[name, names] as const];
    });
    return { columns, rows: Number(metadata.num_rows), classNames: Object.fromEntries(named) };
  });
}

/** Whole numbers as numbers, truth values as words. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : null;
  return typeof value === 'boolean' ? String(value) : value;
}

/** Rows with the chosen columns. Declared sizes are held against the limits before anything is unpacked. */
export function readParquetRows(
  file: string,
  columns: readonly string[],
  limits: ParquetLimits,
): Promise<Fields[]> {
  return opened(file, limits, async (metadata, slice, byteLength) => {
    for (const chunk of chunksOf(metadata, columns, byteLength, limits)) {
      await requireHonestPages(chunk, slice);
    }
    const rows: readonly Fields[] = await parquetReadObjects({
      file: { byteLength, slice: (start, end = byteLength) => slice(start, end) },
      metadata,
      columns: [...columns],
      compressors,
      utf8: false,
    });
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
    );
  });
}

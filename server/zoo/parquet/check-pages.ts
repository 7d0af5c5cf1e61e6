/**
 * What a column of a parquet file claims to unpack to, held against the limits before anything is unpacked:
 * the footer's sizes first, then those of each page, which must not exceed the footer's.
 */
import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { ZooError } from '../errors.ts';
import type { ParquetLimits } from './limits.ts';

/** Bytes from..to of the file. */
export type Slice = (start: number, end: number) => Promise<ArrayBuffer>;

const codecs = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4', 'LZ4_RAW'];

const corrupt = (what: string): ZooError => new ZooError('corrupt', what);

/** A size of the footer; those are 64 bits wide and may be anything. */
function sizeOf(value: bigint | number | undefined, what: string): number {
  const size = Number(value);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw corrupt(`${what} is ${String(value)}, no size. The file is damaged.`);
}

interface Chunk {
  readonly name: string;
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  readonly unpacked: number;
}

function chunkOf(meta: ColumnMetaData, rows: number, fileBytes: number): Chunk {
  const name = meta.path_in_schema.join('.');
  const { codec, encodings } = meta;
  if (!codecs.includes(codec)) {
    throw new ZooError(
      'unsupported',
      `column ${name} is packed with ${codec}; ${codecs.join(', ')} can be read. Write it again with one of them.`,
    );
  }
  if (encodings.includes('DELTA_BYTE_ARRAY')) {
    // Each value repeats the beginning of the last: a small page can become any size.
    throw new ZooError(
      'unsupported',
      `column ${name} has the encoding DELTA_BYTE_ARRAY, whose size cannot be foretold. Write it again with dictionary or plain encoding.`,
    );
  }
  const first = sizeOf(meta.data_page_offset, `the start of column ${name}`);
  const dictionary = sizeOf(meta.dictionary_page_offset ?? 0n, `the dictionary of column ${name}`);
  const start = dictionary > 0 && dictionary < first ? dictionary : first;
  const end = start + sizeOf(meta.total_compressed_size, `the length of column ${name}`);
  if (start < 4 || end > fileBytes - 8) {
    throw corrupt(`column ${name} lies at ${start} to ${end} of ${fileBytes} bytes: cut off?`);
  }
  return { name, rows, start, end, unpacked: sizeOf(meta.total_uncompressed_size, name) };
}

/** Chunks of the chosen columns, by what the footer says. @throws ZooError beyond the limits */
export function chunksOf(
  { row_groups: groups, num_rows: total }: FileMetaData,
  columns: readonly string[],
  fileBytes: number,
  limits: ParquetLimits,
): Chunk[] {
  const rows = sizeOf(total, 'the number of rows');
  if (rows > limits.rows) {
    throw new ZooError(
      'range',
      `${rows} rows; up to ${limits.rows} are read. Write a part of them to a file of its own.`,
    );
  }
  const counts = groups.map((group) => sizeOf(group.num_rows, 'the rows of a row group'));
  const counted = counts.reduce((sum, count) => sum + count, 0);
  if (counted !== rows) throw corrupt(`${rows} rows, but its groups have ${counted}.`);
  const chunks = groups.flatMap((group, at) =>
    group.columns.flatMap(({ meta_data: meta }) => {
      if (meta === undefined) throw new ZooError('unsupported', 'its columns are encrypted.');
      const [top = ''] = meta.path_in_schema;
      return columns.includes(top) ? [chunkOf(meta, counts[at] ?? 0, fileBytes)] : [];
    }),
  );
  const unpacked = chunks.reduce((sum, chunk) => sum + chunk.unpacked, 0);
  if (unpacked > limits.unpackedBytes) {
    throw new ZooError(
      'range',
      `columns ${columns.join(', ')} unpack to ${unpacked} bytes by its footer; up to ${limits.unpackedBytes} are read. Write a part of the rows to a file of its own.`,
    );
  }
  return chunks;
}

/** Pages of one chunk: no more values than rows, no more bytes than the footer said. */
export async function requireHonestPages(chunk: Chunk, slice: Slice): Promise<void> {
  const { name, start, end, rows, unpacked } = chunk;
  const view = new DataView(await slice(start, end));
  const reader = { view, offset: 0 };
  let [bytes, values] = [0, 0];
  while (reader.offset < view.byteLength - 1) {
    const header = parquetHeader(reader);
    const packed = sizeOf(header.compressed_page_size, `a page of column ${name}`);
    bytes += sizeOf(header.uncompressed_page_size, `a page of column ${name}`);
    const { data_page_header: first, data_page_header_v2: second } = header;
    const inPage = sizeOf((first ?? second)?.num_values ?? 0, `the values of column ${name}`);
    const words = sizeOf(header.dictionary_page_header?.num_values ?? 0, `the words of ${name}`);
    values += inPage;
    if (bytes > unpacked || words > unpacked) {
      throw corrupt(
        `pages of column ${name} unpack to ${Math.max(bytes, words)} bytes, its footer says ${unpacked}. Nothing was unpacked.`,
      );
    }
    if (values > rows) {
      throw corrupt(
        `pages of column ${name} hold ${values} values for ${rows} rows. Nothing was unpacked.`,
      );
    }
    const { encoding } = first ?? second ?? {};
    if (encoding === 'DELTA_BYTE_ARRAY') {
      throw new ZooError('unsupported', `column ${name} has the encoding DELTA_BYTE_ARRAY.`);
    }
    reader.offset += packed;
  }
}

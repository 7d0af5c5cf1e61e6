/** Parquet files as data sets: what is read, and what is refused before it is unpacked. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetMetadata, type FileMetaData } from 'hyparquet';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDataset, type DatasetOptions } from '../../server/zoo/add-dataset.ts';
import { chunksOf, requireHonestPages } from '../../server/zoo/parquet/check-pages.ts';
import { parquetLimits } from '../../server/zoo/parquet/limits.ts';
import { openParquet, parquetRows } from '../../server/zoo/parquet/open-parquet.ts';
import { listDatasets, loadSamples } from '../../server/zoo/registry.ts';

let room = '';
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-parquet-'));
});
afterEach(() => rm(room, { recursive: true }));

type More = Partial<Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'>>;

const count = 300;
const texts = Array.from({ length: count }, (_, at) => `text ${at}`);
const labels = Array.from({ length: count }, (_, at) => BigInt(at % 2));
const usual: ColumnSource[] = [
  { name: 'sentence', data: texts, type: 'STRING' },
  { name: 'label', data: labels, type: 'INT64' },
  { name: 'idx', data: labels.map(Number), type: 'INT32' },
];

async function write(columnData: ColumnSource[], more: More = {}): Promise<string> {
  const file = join(room, 'train-00000-of-00001.parquet');
  await writeFile(file, new Uint8Array(parquetWriteBuffer({ columnData, ...more })));
  return file;
}

const data = () => join(room, 'data');
async function add(
  columns: ColumnSource[],
  options: Partial<DatasetOptions> = {},
  more: More = {},
) {
  const shared = { title: 'Rows', licence: 'CC0', origin: 'file', most: 1000 };
  return addDataset(await write(columns, more), {
    id: 'rows',
    dataFolder: data(),
    ...shared,
    ...options,
  });
}

describe('read', () => {
  const packers = {
    GZIP: (bytes: Uint8Array) => gzipSync(bytes),
    BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
    ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
  };
  test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD'] as const)('%s', async (codec) => {
    const own = codec in packers ? { compressors: packers } : {};
    const added = await add(usual, {}, { codec, rowGroupSize: 70, ...own });
    expect(added).toMatchObject({ rows: count, size: count, labels: ['0', '1'] });
    const samples = await loadSamples('rows', count, data());
    expect(new Set(samples.map(({ text }) => text))).toEqual(new Set(texts));
    for (const { text, label } of samples) expect(label).toBe(Number(text.slice(5)) % 2);
  });

  test('so many rows as are asked for, the same ones every time', async () => {
    const few = await add(usual, { most: 10 });
    expect(few).toMatchObject({ rows: count, size: 10 });
    await add(usual, { id: 'all' });
    expect(await loadSamples('rows', 10, data())).toEqual(await loadSamples('all', 10, data()));
  });

  test('names of the classes in the footer, as Hugging Face writes them', async () => {
    const features = { label: { names: ['negative', 'positive'], _type: 'ClassLabel' } };
    const value = JSON.stringify({ info: { features } });
    const kvMetadata = [{ key: 'huggingface', value }];
    expect((await add(usual, {}, { kvMetadata })).labels).toEqual(['negative', 'positive']);
    const given = await add(usual, { id: 'given', labels: ['no', 'yes'] }, { kvMetadata });
    expect(given.labels).toEqual(['no', 'yes']);
  });

  test('pairs by the names of GLUE, words and truth values as classes', async () => {
    const pair: ColumnSource[] = [
      { name: 'premise', data: ['a', 'b'], type: 'STRING' },
      { name: 'hypothesis', data: ['c', 'd'], type: 'STRING' },
      { name: 'class', data: [true, false], type: 'BOOLEAN' },
    ];
    const added = await add(pair);
    expect(added).toMatchObject({ pairs: true, labels: ['false', 'true'] });
    const samples = await loadSamples('rows', 2, data());
    const found = samples.map(({ text, second, label }) => [text, second, label].join(' ')).sort();
    expect(found).toEqual(['a c 1', 'b d 0']);
  });
});

describe('refused, by name and with the fix', () => {
  const label = usual[1]!;
  const bytes = texts.map((text) => new TextEncoder().encode(text));
  const cases: [string, ColumnSource[], Partial<DatasetOptions>, RegExp][] = [
    [
      'no such column',
      usual,
      { text: 'words' },
      /no column words; there are sentence \(text\), label \(INT64\), idx \(INT32\).*--text COLUMN/,
    ],
    ['no usual column', [label], {}, /no column text or sentence .*there are label \(INT64\)/],
    ['a column of numbers as text', usual, { text: 'idx' }, /column idx holds INT32, not text/],
    [
      'a column of bytes as text',
      [{ name: 'text', data: bytes, type: 'BYTE_ARRAY' }, label],
      {},
      /column text holds BYTE_ARRAY, not text/,
    ],
    [
      'an empty cell',
      [{ name: 'text', data: [...texts.slice(1), null], type: 'STRING' }, label],
      {},
      /row 300: text is null, not a text/,
    ],
    [
      'a hidden answer',
      [usual[0]!, { name: 'label', data: labels.map(() => -1n), type: 'INT64' }],
      { labels: ['no', 'yes'] },
      /row 1: label is -1.*validation split/,
    ],
    [
      'an encoding that can unpack to any size',
      [{ name: 'text', data: texts, type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' }, label],
      {},
      /column text has the encoding DELTA_BYTE_ARRAY/,
    ],
  ];
  test.each(cases)('%s', async (_, columns, options, message) => {
    await expect(add(columns, options)).rejects.toThrow(message);
    expect((await listDatasets(data())).map(({ id }) => id)).toEqual([
      'imdb-heldout',
      'fashion-mnist-test',
    ]);
  });

  test.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, 200), /does not end as parquet files do/],
    ['a footer longer than the file', longFooter, /footer is said to have 4294967295 bytes/],
    ['a footer of noise', noise, /The file is damaged/],
  ])('%s', async (_, change, message) => {
    const file = await write(usual);
    const handle = await open(file);
    const whole = await handle.readFile();
    await handle.close();
    await writeFile(file, change(whole));
    await expect(openParquet(file)).rejects.toThrow(message);
  });
});

function longFooter(whole: Buffer): Buffer {
  const copy = Buffer.from(whole);
  copy.writeUInt32LE(2 ** 32 - 1, copy.length - 8);
  return copy;
}

function noise(whole: Buffer): Buffer {
  const copy = Buffer.from(whole);
  copy.fill(0xff, copy.length - 8 - copy.readUInt32LE(copy.length - 8), copy.length - 8);
  return copy;
}

describe('bombs', () => {
  const same: ColumnSource[] = [
    { name: 'text', data: texts.map(() => 'a'.repeat(10_000)), type: 'STRING', encoding: 'PLAIN' },
  ];

  test('more rows, or more bytes by its footer, than are read', async () => {
    const file = await write(same);
    const rows = parquetRows(file, ['text'], { ...parquetLimits, rows: 299 });
    await expect(rows).rejects.toThrow(/300 rows; up to 299 are read/);
    const packed = parquetRows(file, ['text'], { ...parquetLimits, unpackedBytes: 1e6 });
    await expect(packed).rejects.toThrow(/columns text unpack to 3\d{6} bytes by its footer/);
  });

  /** A footer that says other than the pages do, which is the same lie as pages that say other. */
  async function judge(change: (metadata: FileMetaData) => void) {
    const whole = parquetWriteBuffer({ columnData: same, rowGroupSize: 1000 });
    const metadata = parquetMetadata(whole);
    change(metadata);
    const chunks = chunksOf(metadata, ['text'], whole.byteLength, parquetLimits);
    for (const chunk of chunks) {
      await requireHonestPages(chunk, (start, end) => Promise.resolve(whole.slice(start, end)));
    }
  }

  test('pages that hold more bytes or values than the footer says', async () => {
    await expect(judge(() => undefined)).resolves.toBeUndefined();
    const smaller = judge(({ row_groups: [group] }) => {
      group!.columns[0]!.meta_data!.total_uncompressed_size = 1000n;
    });
    await expect(smaller).rejects.toThrow(/pages of column text unpack to .* its footer says 1000/);
    const fewer = judge((metadata) => {
      metadata.num_rows = 2n;
      metadata.row_groups[0]!.num_rows = 2n;
    });
    await expect(fewer).rejects.toThrow(/hold \d+ values for 2 rows. Nothing was unpacked/);
    const other = judge((metadata) => {
      metadata.num_rows = 3n;
    });
    await expect(other).rejects.toThrow(/3 rows, but its groups have 300/);
    const outside = judge(({ row_groups: [group] }) => {
      group!.columns[0]!.meta_data!.data_page_offset = 10n ** 9n;
    });
    await expect(outside).rejects.toThrow(/cut off\?/);
  });

  test('what unpacks to more than its thread may hold ends that thread only', async () => {
    const many = Array.from({ length: 200_000 }, (_, at) => `${at}`.padStart(60, 'x'));
    const file = await write([{ name: 'text', data: many, type: 'STRING' }]);
    const rows = parquetRows(file, ['text'], { ...parquetLimits, heapMebibytes: 8 });
    await expect(rows).rejects.toThrow(/took more than 8 MiB/);
  });
});

/**
 * Results of other tools as a CSV: which columns there are, how a file's own columns are matched to
 * them, and what is wrong in which row. Browser-safe: the page previews with the very functions that
 * the server imports with. Keys and units are those of our own export.
 */
import { z } from 'zod';
import { nearest } from './results-nearest.ts';
import { geluIds, softmaxIds, variantIds } from './spec-ids.ts';

export interface ImportField {
  readonly key: string;
  readonly help: string;
  readonly required: boolean;
  readonly type: 'text' | 'whole' | 'number' | 'share' | 'choice' | 'instant';
  readonly least?: number;
  readonly values?: readonly string[];
}

const text = (key: string, help: string, required = false): ImportField => ({
  key,
  help,
  required,
  type: 'text',
});
const whole = (key: string, help: string, least: number, required = false): ImportField => ({
  key,
  help,
  required,
  type: 'whole',
  least,
});
const number = (key: string, help: string, required = false): ImportField => ({
  key,
  help,
  required,
  type: 'number',
  least: 0,
});
const choice = (key: string, help: string, values: readonly string[]): ImportField => ({
  key,
  help,
  required: true,
  type: 'choice',
  values,
});

/** What was run has to be said, or nothing can be compared with it; of the numbers, at least one. */
export const importFields: readonly ImportField[] = [
  text('model', 'name of the model', true),
  text('dataset', 'name of the data set', true),
  whole('samples', 'how many samples were run', 1, true),
  whole('tokens', 'tokens per sample', 1, true),
  choice('gelu', 'GELU function', geluIds),
  choice('softmax', 'softmax function', softmaxIds),
  choice('protocol', 'the variant here that is the same protocol', variantIds),
  whole('fraction_bits', 'fraction bits of the ring', 0, true),
  whole('batch_size', 'samples per batch', 1, true),
  text('network', 'name of the network', true),
  number('rtt_ms', 'round-trip time in ms', true),
  number('rate_bits_per_second', 'rate of a link in bit/s', true),
  { key: 'secure_accuracy', help: 'from 0 to 1', required: false, type: 'share' },
  { key: 'plaintext_accuracy', help: 'from 0 to 1', required: false, type: 'share' },
  number('online_ms_per_sample', 'online time per sample, median'),
  number('online_ms', 'online time per batch, median'),
  number('offline_ms', 'offline time per batch, median'),
  number('total_ms', 'online and offline time per batch, median'),
  whole('online_sent_bytes_max', 'sent online per batch by the busiest party', 0),
  whole('total_sent_bytes', 'sent per batch by all, both phases', 0),
  whole('dealer_sent_bytes', 'sent per batch by the dealer', 0),
  whole('rounds', 'online rounds of a batch', 0),
  whole('peak_rss_bytes', 'peak resident memory of a party', 0),
  text('machine', 'processor'),
  text('note', 'whatever a reader should know'),
  { key: 'created_utc', help: 'ISO 8601', required: false, type: 'instant' },
];

/** Numbers of a result, by the sort field of the results' columns that shows each. */
export const figureKeys = {
  secure_accuracy: 'acc',
  plaintext_accuracy: 'plain',
  online_ms_per_sample: 'latency',
  online_ms: 'batchtime',
  offline_ms: 'offline',
  total_ms: 'total',
  online_sent_bytes_max: 'bytes',
  total_sent_bytes: 'allbytes',
  dealer_sent_bytes: 'dealt',
  rounds: 'rounds',
  peak_rss_bytes: 'memory',
} as const;

export type FigureId = (typeof figureKeys)[keyof typeof figureKeys];

/** An empty file to fill in, with one line as an example. */
export const importTemplate = `${importFields.map(({ key }) => key).join(',')}\nbert-base,qnli,100,128,quad,2quad,additive/crypten,16,1,lan,0.5,1000000000,0.9,0.91,12500,12500,,,,,,,,my machine,example line,2026-01-31T12:00:00Z\n`;

/** The server takes no longer body. */
export const longestFile = 200_000;
export const mostImported = 1000;

export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** RFC 4180, in one pass; empty lines are skipped. */
export function readCsv(file: string): CsvTable {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = (): void => {
    row.push(cell);
    if (row.some((one) => one.trim() !== '')) rows.push(row);
    row = [];
    cell = '';
  };
  const start = file.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let at = start; at < file.length; at += 1) {
    const char = file[at] ?? '';
    if (quoted && char === '"' && file[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (quoted) cell += char;
    else if (char === ',') {
      row.push(cell);
      cell = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  }
  if (cell !== '' || row.length > 0) endRow();
  const [header = [], ...body] = rows;
  return { header: header.map((name) => name.trim()), rows: body };
}

/**
 * By our key, the place of the file's column, or one text that holds for all rows; null where there is
 * neither.
 */
export type Mapping = Readonly<Record<string, number | string | null>>;

export const mappingSchema = z.record(
  z.string().max(40),
  z.union([z.number().int().min(0).max(500), z.string().max(400), z.null()]),
);

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');

/** Columns of the same name, spelled somehow. */
export const guessMapping = ({ header }: CsvTable): Mapping =>
  Object.fromEntries(
    importFields.map(({ key }) => {
      const place = header.findIndex((name) => plain(name) === key);
      return [key, place < 0 ? null : place];
    }),
  );

/** A row's values by key, as they are stored; only what the row says. */
export type ImportRow = Readonly<Record<string, string | number>>;

export interface ImportProblem {
  /** From 1, the header not counted; 0 for the file. */
  readonly row: number;
  readonly key: string;
  readonly message: string;
}

function readValue(field: ImportField, written: string): string | number {
  const { key, type, least = 0, values = [] } = field;
  switch (type) {
    case 'text':
      if (written.length > 400) throw new Error(`${key} is longer than 400 characters; shorten it`);
      return written;
    case 'choice': {
      if (values.includes(written)) return written;
      const guess = nearest(written, values);
      const hint = guess === null ? `use one of ${values.join(', ')}` : `did you mean ${guess}?`;
      throw new Error(`${key} is "${written}", which is not known here; ${hint}`);
    }
    case 'instant': {
      const at = Date.parse(written);
      if (Number.isFinite(at)) return new Date(at).toISOString();
      throw new Error(`${key} is "${written}"; write 2026-01-31T12:00:00Z`);
    }
    default: {
      const value = Number(written);
      if (!Number.isFinite(value)) {
        throw new Error(`${key} is "${written}"; write a plain number, the unit is in the name`);
      }
      if (type === 'whole' && !Number.isSafeInteger(value)) {
        throw new Error(`${key} is ${written}; use a whole number`);
      }
      if (value < least) throw new Error(`${key} is ${written}; use at least ${least}`);
      if (type === 'share' && value > 1) throw new Error(`${key} is ${written}; use 0 to 1`);
      return value;
    }
  }
}

/** All rows by our keys, and everything that is wrong with them. */
export function readImport(
  table: CsvTable,
  mapping: Mapping,
): { readonly rows: readonly ImportRow[]; readonly problems: readonly ImportProblem[] } {
  const problems: ImportProblem[] = [];
  if (table.rows.length === 0) {
    problems.push({ row: 0, key: '', message: 'the file has no row below its header' });
  }
  if (table.rows.length > mostImported) {
    const message = `the file has ${table.rows.length} rows; import at most ${mostImported} at once`;
    problems.push({ row: 0, key: '', message });
  }
  for (const { key, required } of importFields) {
    if (required && (mapping[key] ?? '') === '') {
      const message = `${key} has no column of the file; choose one, or give one value for all rows`;
      problems.push({ row: 0, key, message });
    }
  }
  const rows = table.rows.slice(0, mostImported).map((cells, index) => {
    const values: Record<string, string | number> = {};
    for (const field of importFields) {
      const place = mapping[field.key] ?? null;
      if (place === null || place === '') continue;
      const written = (typeof place === 'string' ? place : (cells[place] ?? '')).trim();
      if (written === '') {
        if (field.required) {
          problems.push({ row: index + 1, key: field.key, message: `${field.key} is empty` });
        }
        continue;
      }
      try {
        values[field.key] = readValue(field, written);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        problems.push({ row: index + 1, key: field.key, message });
      }
    }
    if (!Object.keys(figureKeys).some((key) => key in values)) {
      problems.push({ row: index + 1, key: '', message: 'the row has no number of a result' });
    }
    return values;
  });
  return { rows, problems };
}

export const importSchema = z.strictObject({
  /** Of the file, to find it again. */
  name: z.string().min(1).max(200),
  text: z.string().min(1).max(longestFile),
  mapping: mappingSchema,
});

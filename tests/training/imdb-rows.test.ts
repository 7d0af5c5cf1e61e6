/** The split: no review that a run or a test reads has taught a student, and the order is the data set's. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { TokenRows } from '../../server/training/data.ts';
import { loadImdbRows } from '../../server/training/imdb-rows.ts';
import { reviewId } from '../../server/zoo/imdb-reviews.ts';
import type { TextTokenizer } from '../../server/zoo/tokenize.ts';
import dataset from '../../server/zoo/embedded/datasets/imdb-heldout/ids.json' with { type: 'json' };

const folder = mkdtempSync(join(tmpdir(), 'parley-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A review's id is 16 hex digits: four numbers of 16 bits, which stand in for its tokens. */
const byId: TextTokenizer = {
  vocabularySize: 65536,
  largestId: 65535,
  paddingId: 0,
  maxLength: 4,
  encode: (text) => {
    const id = reviewId(text);
    const ids = Int32Array.from({ length: 4 }, (_, at) =>
      parseInt(id.slice(4 * at, 4 * at + 4), 16),
    );
    return { ids, mask: new Uint8Array(4).fill(1), pieceCount: 4 };
  },
};

const idsOf = ({ ids, labels }: TokenRows): string[] =>
  Array.from(labels, (_, row) =>
    [...ids.subarray(4 * row, 4 * row + 4)]
      .map((word) => word.toString(16).padStart(4, '0'))
      .join(''),
  );

test('held-out, validation and training rows share no review', () => {
  const rows = loadImdbRows(byId, 'test', folder);
  const [train, validation, heldOut] = [rows.train, rows.validation, rows.heldOut].map(idsOf) as [
    string[],
    string[],
    string[],
  ];
  expect([train.length, validation.length, heldOut.length]).toEqual([42_578, 2000, 5000]);
  expect(new Set([...train, ...validation, ...heldOut]).size).toBe(49_578);
  expect(heldOut.slice(0, dataset.items.length)).toEqual(dataset.items.map(({ id }) => id));
  expect(Array.from(rows.heldOut.labels.subarray(0, 500))).toEqual(
    dataset.items.slice(0, 500).map(({ label }) => label),
  );

  // Read back from the data folder, they are the same.
  expect(readdirSync(join(folder, 'datasets'))).toHaveLength(2);
  const again = loadImdbRows(byId, 'test', folder);
  expect(again.validation.labels).toEqual(rows.validation.labels);
  expect(idsOf(again.validation)).toEqual(validation);
});

/** Party 0's file of corrections: what was put comes out once, and nothing of it stays. */
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineError } from '../../server/engine/errors.ts';
import { FileKeeper, openCorrectionFile } from '../../server/runs/correction-file.ts';
import { seededRandom } from '../support/random.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-corrections-'));
  path = join(folder, 'corrections.bin');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sizeOf = async () => (await stat(path)).size;
const random = seededRandom('corrections');
const noise = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));

test('records come back by route in the order in which they were put, from the file', async () => {
  const { corrections, remove } = openCorrectionFile(path);
  const records = [0, 3, 0, 7, 3, 0].map((route, i) => ({ route, bytes: noise(1000 * i + 8) }));
  for (const { route, bytes } of records) {
    corrections.put(route, bytes.slice(), 0);
  }
  expect(corrections.left).toBe(6);
  expect(await sizeOf()).toBe(records.reduce((sum, { bytes }) => sum + bytes.length, 0));
  for (const route of [7, 0, 3]) {
    for (const { bytes } of records.filter((record) => record.route === route)) {
      expect(Buffer.from(corrections.take(route, bytes.length, 0)).equals(bytes)).toBe(true);
    }
  }
  expect(corrections.left).toBe(0);
  remove();
});

test('a record that was taken cannot be taken again, at neither level', () => {
  const { corrections, remove } = openCorrectionFile(path);
  corrections.put(0, noise(16), 0);
  corrections.take(0, 16, 0);
  expect(() => corrections.take(0, 16, 0)).toThrow(
    new EngineError(
      'protocol',
      'correlations: none is left here; each is used once, and a retry needs fresh ones',
    ),
  );
  remove();
  const keeper = new FileKeeper(path);
  const record = keeper.keep(noise(16));
  keeper.keep(noise(16));
  keeper.fetch(record);
  expect(() => keeper.fetch(record)).toThrow(/this record was taken before/);
  // Nor does one that only looks like it open the place where another lies.
  expect(() => keeper.fetch({ offset: 16, length: 16 })).toThrow(/taken before/);
  keeper.close();
});

test('the file is empty once all is taken, and is used again from its start', async () => {
  const { corrections, remove } = openCorrectionFile(path);
  for (const size of [24, 40]) {
    corrections.put(0, noise(8), 0);
    const last = noise(size);
    corrections.put(1, last, 0);
    corrections.take(0, 8, 0);
    expect(await sizeOf()).toBe(8 + size);
    expect(Buffer.from(corrections.take(1, size, 0)).equals(last)).toBe(true);
    expect(await sizeOf()).toBe(0);
  }
  remove();
});

test('only its owner reads it, it goes at the end, and one that is there already is refused', async () => {
  const { remove } = openCorrectionFile(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(() => openCorrectionFile(path)).toThrow(/EEXIST/);
  remove();
  remove();
  await expect(stat(path)).rejects.toThrow(/ENOENT/);
  await writeFile(path, 'of a try that failed');
  expect(() => openCorrectionFile(path)).toThrow(/EEXIST/);
});

test('a file that was cut is named, not read as zeros', async () => {
  const { corrections, remove } = openCorrectionFile(path);
  corrections.put(0, noise(64), 0);
  await truncate(path, 60);
  expect(() => corrections.take(0, 64, 0)).toThrow(
    'correlations: the file has 60 bytes, a record ends at 64',
  );
  remove();
});

test('a record of another length than the step uses is refused, and so is one of another kind', () => {
  const { corrections, remove } = openCorrectionFile(path);
  corrections.put(0, noise(64), 1);
  corrections.put(0, noise(64), 2);
  expect(() => corrections.take(0, 32, 1)).toThrow(
    /the dealer made 64 bytes where this step uses 32/,
  );
  expect(() => corrections.take(0, 64, 1)).toThrow(/the dealer made another correlation/);
  remove();
});

/** Corrections dealt ahead of time, on disk: filled once, taken once, and never half. */
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDealtFile, openDealtFile } from '../../server/runs/dealt-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-dealt-'));
  path = join(folder, 'corrections.bin');
});

afterEach(() => rmSync(folder, { recursive: true }));

function fill(): void {
  const file = createDealtFile(path);
  file.corrections.put(7, Uint8Array.of(1, 2, 3), 11);
  file.corrections.put(9, Uint8Array.of(4), 12);
  file.corrections.put(7, new Uint8Array(0), 13);
  file.corrections.put(7, Uint8Array.of(5, 6), 14);
  expect(file.corrections.left).toBe(4);
  expect(() => file.corrections.take(7, 3, 11)).toThrow(/being filled/);
  file.close();
}

test('records come back in their order, per route, once', () => {
  fill();
  const file = openDealtFile(path);
  expect(file.corrections.left).toBe(4);
  expect([...file.corrections.take(9, 1, 12)]).toEqual([4]);
  expect([...file.corrections.take(7, 3, 11)]).toEqual([1, 2, 3]);
  expect([...file.corrections.take(7, 0, 13)]).toEqual([]);
  expect([...file.corrections.take(7, 2, 14)]).toEqual([5, 6]);
  expect(file.corrections.left).toBe(0);
  expect(() => file.corrections.take(7, 2, 14)).toThrow(/used once/);
  expect(() => file.corrections.put(7, Uint8Array.of(1), 1)).toThrow(/is full/);
  file.close();
});

test('a record of another correlation is refused', () => {
  fill();
  const file = openDealtFile(path);
  expect(() => file.corrections.take(9, 1, 99)).toThrow(/another correlation/);
  file.close();
});

test('an existing file is not filled again, a file that was cut is refused', () => {
  fill();
  expect(() => createDealtFile(path)).toThrow(/EEXIST/);
  truncateSync(path, 30);
  expect(() => openDealtFile(path)).toThrow(/too early/);
});

/** What was dealt ahead is on the shelf until one session claims it, and belongs to nobody after. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Terms } from '../../server/network/handshake.ts';
import { createDealtFile } from '../../server/runs/dealt-file.ts';
import {
  claimStock,
  dealtFiles,
  handOut,
  listStock,
  shelve,
  showTerms,
  stockFolder,
  takeDealt,
  workFolder,
} from '../../server/runs/dealt-stock.ts';

let data: string;
const terms: Terms = { engine: '1.0.0', planHash: Uint8Array.of(1, 2, 3) };
const other: Terms = { engine: '1.0.0', planHash: Uint8Array.of(1, 2, 4) };

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'parley-stock-'));
});
afterEach(() => rmSync(data, { recursive: true }));

function stock(id: string): void {
  const made = workFolder(data, id);
  for (const party of [0, 1]) {
    const folder = join(made, `party-${party}`);
    mkdirSync(folder);
    writeFileSync(join(folder, dealtFiles.key), Uint8Array.of(party, 7));
    writeFileSync(join(folder, dealtFiles.times), '[12.5]');
  }
  const file = createDealtFile(join(made, 'party-0', dealtFiles.corrections));
  file.corrections.put(0, Uint8Array.of(42), 9);
  file.close();
  expect(listStock(data).map((manifest) => manifest.id)).not.toContain(id);
  const dealer = { role: 'dealer' as const, traces: [], counters: [] };
  shelve(data, made, { id, terms: showTerms(terms), createdAt: `2026-01-0${id}`, dealer });
}

function runFolder(name: string): string {
  const folder = join(data, name);
  for (const party of [0, 1]) mkdirSync(join(folder, `party-${party}`), { recursive: true });
  return folder;
}

test('the oldest is claimed first, each by one run only, and only on its own terms', () => {
  stock('2');
  stock('1');
  expect(claimStock(data, other, runFolder('run'))).toBeNull();
  expect(claimStock(data, terms, runFolder('first'))?.id).toBe('1');
  expect(claimStock(data, terms, runFolder('second'))?.id).toBe('2');
  expect(claimStock(data, terms, runFolder('third'))).toBeNull();
  expect(readdirSync(stockFolder(data))).toEqual([]);
});

test('each party gets its own part, and takes it once', () => {
  stock('1');
  const run = runFolder('run');
  const claimed = claimStock(data, terms, run);
  if (claimed === null) throw new Error('nothing was claimed');
  handOut(claimed, run);
  expect(existsSync(claimed.folder)).toBe(false);
  expect(readdirSync(join(run, 'party-1')).sort()).toEqual(
    [dealtFiles.times, dealtFiles.key].sort(),
  );

  const dealt = takeDealt(join(run, 'party-0'));
  expect(existsSync(join(run, 'party-0', dealtFiles.key))).toBe(false);
  const { key, dealing, corrections, offlineMs } = dealt.claim();
  // The file's first half is the key, the second the name of the dealing.
  expect([[...key], [...dealing]]).toEqual([[0], [7]]);
  expect(offlineMs).toEqual([12.5]);
  expect([...corrections.take(0, 1, 9)]).toEqual([42]);
  expect(() => dealt.claim()).toThrow(/claimed these before/);
  dealt.close();
  expect(() => takeDealt(join(run, 'party-0'))).toThrow(/ENOENT/);
});

/** Runs stored before there were dealers read like those of today. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { completeDetail } from '../../server/runs/complete-view.ts';

const folder = join(import.meta.dirname, '..', '..', 'benchmarks', 'results', 'runs');
const read = (name: string) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as Parameters<typeof completeDetail>[0];

test('every shipped run is completed, and what it says is left as it is', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const stored = read(name);
    const run = completeDetail(stored);
    expect(run).toMatchObject(stored);
    expect(run.warnings).toEqual([]);
    const { onlineBytesSent = [], offlineBytesSent = [] } = stored.headline ?? {};
    const parties = [...onlineBytesSent, ...offlineBytesSent].reduce((sum, n) => sum + n, 0);
    expect(run.headline?.totalBytesSent).toBe(parties + (run.headline?.dealerBytes ?? NaN));
    expect(run.headline?.totalMs.median).toBeGreaterThanOrEqual(run.headline?.onlineMs.median ?? 0);
    for (const row of run.operations) expect(row.dealerBytes).toBeGreaterThanOrEqual(0);
  }
});

test('what was stored is not overwritten by a default', () => {
  const [name = ''] = readdirSync(folder);
  const stored = read(name);
  if (stored.headline === null) throw new Error(`${name} has no result`);
  const run = completeDetail({
    ...stored,
    warnings: ['insecureSeed'],
    headline: { ...stored.headline, dealerBytes: 7, links: { 'dealer>0': 7 } },
    operations: stored.operations.map((row) => ({ ...row, dealerBytes: 3 })),
  });
  expect(run.warnings).toEqual(['insecureSeed']);
  expect(run.headline).toMatchObject({ dealerBytes: 7, links: { 'dealer>0': 7 } });
  expect(run.operations[0]?.dealerBytes).toBe(3);
});

/** What the command line says of a run whose frames were late: the same as its page. */
import { describe, expect, test } from 'vitest';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { resultTable } from '../../server/cli/result-table.ts';
import { doneRun } from '../support/fixtures.ts';

const lateRun = (share: number): RunDetail => ({
  ...doneRun,
  headline:
    doneRun.headline === null
      ? null
      : { ...doneRun.headline, replayed: { onlineMs: 320, n: 3, share } },
  parties: doneRun.parties.map((party) => ({ ...party, framesLate: 90, framesReceived: 900 })),
});

describe('a run whose frames were late', () => {
  test('has its replayed latency as that of the link, and what was measured as the machine’s', () => {
    const table = resultTable(lateRun(-0.04));
    expect(table).toMatch(/on the asked link +320 ms, replayed, n = 3/);
    expect(table).toMatch(/online, one batch, on this machine/);
    expect(table).toMatch(/late frames .*this machine could not keep up/);
  });

  test('has no latency of the link where the replay is off by more than 10 %', () => {
    const table = resultTable(lateRun(-0.24));
    expect(table).not.toMatch(/on the asked link/);
    expect(table).toMatch(/online, one batch, on this machine/);
  });

  test('any other has its own', () => {
    const table = resultTable(doneRun);
    expect(table).not.toMatch(/this machine/);
    expect(table).toMatch(/online, one batch +/);
  });
});

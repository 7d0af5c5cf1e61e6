/** Verdicts by class of metric; what runs may fill a cell; claims out of cells. */
import { describe, expect, test } from 'vitest';
import type { CellValue, MetricClass, CellUnit } from '../../server/api/schemas/papers.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { judgeRatio } from '../../server/papers/claims.ts';
import { divided, linkRemark, secondOf, valuesOf } from '../../server/papers/cell-values.ts';
import { pumaSpec } from '../../server/papers/specs.ts';
import { sortRuns, type StoredRun } from '../../server/papers/stored-runs.ts';
import { toleranceOf } from '../../server/papers/tolerance.ts';
import { judge, type Evidence } from '../../server/papers/verdict.ts';
import { packageVersion } from '../../server/runs/environment.ts';
import { doneRun } from '../support/fixtures.ts';

const measured: CellValue = {
  value: 1,
  provenance: 'measured',
  n: 1,
  low: null,
  high: null,
  commit: 'abc',
  at: '2026-11-01T00:00:00.000Z',
  runId: 'r',
  shipped: false,
  link: 'met',
};

const evidence = (
  metric: MetricClass,
  unit: CellUnit,
  reported: number,
  result: Partial<CellValue> | null,
  more: Partial<Evidence> = {},
): Evidence => ({
  reported,
  unit,
  tolerance: toleranceOf(metric, unit),
  result: result === null ? null : { ...measured, ...result },
  isVerified: false,
  reference: null,
  obstacle: null,
  difference: null,
  ...more,
});
const verdictOf = (one: Evidence) => judge(one).verdict;

describe('bytes and rounds', () => {
  const predicted = { provenance: 'predicted' } as const;
  test('a prediction alone says no more than that', () => {
    const one = evidence('exact', 'GB', 10, { ...predicted, value: 10 });
    expect(verdictOf(one)).toBe('predictedOnly');
  });
  test.each([
    [10.05, 'reproduced'],
    [9.6, 'withinTolerance'],
    [9.0, 'differs'],
  ] as const)('10 GB printed, %d predicted and verified: %s', (value, verdict) => {
    const one = evidence('exact', 'GB', 10, { ...predicted, value }, { isVerified: true });
    expect(verdictOf(one)).toBe(verdict);
  });
  test('a known difference gives the reason', () => {
    const difference = { reason: 'unitDefinition', words: 'Another GB.' } as const;
    const judged = judge(evidence('exact', 'GB', 10, { value: 9 }, { difference }));
    expect(judged).toEqual({
      verdict: 'differs',
      reason: 'unitDefinition',
      explanation: 'Another GB.',
    });
  });
});

test.each([
  [94, 93, 95, 'reproduced'],
  [94, 88, 97, 'withinTolerance'],
  [94, 80, 90, 'differs'],
] as const)('%d %% printed, interval %d to %d: %s', (reported, low, high, verdict) => {
  const value = (low + high) / 2;
  expect(verdictOf(evidence('statistical', '%', reported, { value, low, high, n: 500 }))).toBe(
    verdict,
  );
});

test.each([
  [2, 2.1, 'reproduced'],
  [2, 2.9, 'withinTolerance'],
  [2, 4, 'differs'],
  [2, 0.9, 'differs'],
] as const)('%dx printed, %dx found: %s', (reported, value, verdict) => {
  expect(verdictOf(evidence('machine', 'x', reported, { value }))).toBe(verdict);
});

describe('seconds are never equal, only in the same ratio', () => {
  const at = (value: number, found: number) =>
    judge(
      evidence(
        'machine',
        's',
        30,
        { value },
        { reference: { reported: 60, ratio: value / found } },
      ),
    );
  test('half of the other method as printed', () =>
    expect(at(5, 10).verdict).toBe('withinTolerance'));
  test('the other order', () => {
    expect(at(12, 10)).toMatchObject({ verdict: 'differs', reason: 'hardware' });
    expect(at(12, 10).explanation).toMatch(/other order/);
  });
  test('equal seconds without the other method prove nothing', () => {
    expect(verdictOf(evidence('machine', 's', 30, { value: 30 }))).toBe('differs');
  });
});

test('without a value it is not run yet, or not testable with the obstacle', () => {
  expect(verdictOf(evidence('machine', 's', 30, null))).toBe('notRun');
  const judged = judge(evidence('statistical', '%', 30, null, { obstacle: 'Missing: weights.' }));
  expect(judged).toMatchObject({ verdict: 'notTestable', explanation: 'Missing: weights.' });
});

describe('which runs fill a cell', () => {
  const spec = pumaSpec('bert-base', 64);
  const headline: Headline = {
    ...(doneRun.headline as Headline),
    samples: 1,
    rounds: 100,
    onlineBytesSent: [1, 2, 3],
    dealerBytes: 0,
  };
  const forecast = { rounds: 100, onlineBytes: 6, dealerBytes: 0 };
  const run = (id: string, more: Partial<StoredRun> = {}): StoredRun => ({
    id,
    specHash: 'h',
    state: 'done',
    shipped: false,
    commit: 'abc',
    parley: packageVersion(),
    cpu: 'Zen',
    at: new Date(0),
    reason: null,
    headline,
    linkVerdict: 'met',
    ...more,
  });
  const unfit: readonly (readonly [string, Partial<StoredRun>, string])[] = [
    ['failed', { state: 'failed', headline: null }, 'failed'],
    ['failed with numbers', { state: 'failed' }, 'failed'],
    ['lost', { state: 'lost', headline: null }, 'failed'],
    ['cancelled', { state: 'cancelled', headline: null }, 'cancelled'],
    ['still running', { state: 'running', headline: null }, 'running'],
    ['done without numbers', { headline: null }, 'failed'],
    ['done with samples missing', { headline: { ...headline, samples: 0 } }, 'failed'],
    ['another release', { parley: '0.0.0' }, 'otherEngine'],
    ['other rounds', { headline: { ...headline, rounds: 99 } }, 'otherEngine'],
    ['other bytes', { headline: { ...headline, onlineBytesSent: [1, 2, 4] } }, 'otherEngine'],
  ];
  test.each(unfit)('%s: never, and the state says so', (_, more, count) => {
    const { usable, attempts } = sortRuns(spec, [run('one', more)], forecast);
    expect(usable).toEqual([]);
    expect(attempts).toMatchObject({ [count]: 1 });
  });
  test('own runs come before shipped ones, newest first', () => {
    const runs = [run('shipped', { shipped: true }), run('new'), run('old')];
    expect(sortRuns(spec, runs, forecast).usable.map(({ id }) => id)).toEqual([
      'new',
      'old',
      'shipped',
    ]);
  });
  test('nothing fills while the engine says nothing of the spec', () => {
    expect(sortRuns(spec, [run('one')], null).usable).toEqual([]);
  });
});

test('shipped and own, predicted and measured are never divided', () => {
  const two = { ...measured, value: 2 };
  expect(divided([two], [measured])?.value).toBe(2);
  expect(divided([{ ...two, shipped: true }], [measured])).toBeNull();
  expect(divided([{ ...two, provenance: 'predicted' }], [measured])).toBeNull();
  expect(divided([two], [{ ...measured, value: 0 }])).toBeNull();
});

describe('seconds of a run follow its link certificate', () => {
  const headline: Headline = {
    ...(doneRun.headline as Headline),
    onlineMs: { ...(doneRun.headline as Headline).onlineMs, median: 9000, n: 1 },
    replayed: { onlineMs: 4000, n: 1, share: 0.01 },
  };
  const run = (linkVerdict: string | null, more: Partial<Headline> = {}): StoredRun => ({
    id: 'one',
    specHash: 'h',
    state: 'done',
    shipped: false,
    commit: 'abc',
    parley: packageVersion(),
    cpu: 'Zen',
    at: new Date(0),
    reason: null,
    headline: { ...headline, ...more },
    linkVerdict,
  });
  const online = { kind: 'onlineSeconds' } as const;
  const places = new Map([['gelu', new Map([['one', { all: 2, wait: 1, replayed: null }]])]]);
  const read = (one: StoredRun) => valuesOf(one, online, { places });

  test('met: measured, and the replayed time of the same run beside it', () => {
    const values = read(run('met'));
    expect(values[0]).toMatchObject({ value: 9, provenance: 'measured', link: 'met' });
    expect(secondOf(values)).toMatchObject({ value: 4, provenance: 'replayed' });
    expect(linkRemark([run('met')], online, values)).toBeNull();
  });
  test('not met: replayed alone, and the reason', () => {
    const values = read(run('not met'));
    expect(values).toMatchObject([{ value: 4, provenance: 'replayed', link: 'not met' }]);
    expect(linkRemark([run('not met')], online, values)).toMatch(/not as asked for.*replayed/);
  });
  test.each([['not met'], [null]])('%s and nothing recorded: no time at all', (verdict) => {
    const one = run(verdict, { replayed: null });
    expect(read(one)).toEqual([]);
    expect(linkRemark([one], online, [])).toMatch(/fills no cell/);
  });
  test('so do the seconds of a place', () => {
    const place = { kind: 'placeSeconds', place: 'gelu', part: 'wait' } as const;
    expect(valuesOf(run('met'), place, { places })).toMatchObject([{ value: 1 }]);
    expect(valuesOf(run('not met'), place, { places })).toEqual([]);
    const recorded = new Map([
      ['gelu', new Map([['one', { all: 2, wait: 1, replayed: { all: 1.5, wait: 0.5 } }]])],
    ]);
    expect(valuesOf(run('not met'), place, { places: recorded })).toMatchObject([
      { value: 0.5, provenance: 'replayed', link: 'not met' },
    ]);
    expect(valuesOf(run('met'), place, { places: recorded })).toMatchObject([
      { value: 1, provenance: 'measured' },
      { value: 0.5, provenance: 'replayed' },
    ]);
  });
  test('a measured time is never over a replayed one: both are replayed, or there is no ratio', () => {
    const both = divided(read(run('met')), read(run('not met')));
    expect(both).toMatchObject({ value: 1, provenance: 'replayed', link: 'not met' });
    expect(divided(read(run('met', { replayed: null })), read(run('not met')))).toBeNull();
  });
});

test.each([
  [4, 5.3, 'holds'],
  [2, 5.3, 'holdsInPart'],
  [0.8, 5.3, 'doesNotHold'],
] as const)('%dx of %dx claimed: %s', (found, claimed, verdict) => {
  expect(judgeRatio(found, claimed)).toBe(verdict);
});

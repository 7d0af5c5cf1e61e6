/** The unit switch: one conversion, exact where the counts are. */
import { readChart, writeChart } from '../../server/api/schemas/compare-chart.ts';
import { readCompare, writeCompare } from '../../server/api/schemas/compare-address.ts';
import { describe, expect, test } from 'vitest';
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import {
  amounts,
  bytesIn,
  bytesKey,
  defaultUnits,
  directions,
  families,
  readUnits,
  timeIn,
  unitPhases,
  writeUnits,
  type CompareUnits,
} from '../../server/api/schemas/compare-units.ts';
import { dealtRun, doneRun } from '../support/fixtures.ts';
import { compared, headlineOf } from './fixtures.ts';

const all: readonly CompareUnits[] = directions.flatMap((direction) =>
  families.flatMap((family) =>
    amounts.flatMap((per) => unitPhases.map((phase) => ({ direction, family, per, phase }))),
  ),
);
const puma = compared(doneRun);
const dealt = compared(dealtRun);
const bytes = (run: typeof puma, more: Partial<CompareUnits>): number | null =>
  bytesIn(headlineOf(run), run.spec, { ...defaultUnits, per: 'batch', ...more });

test('every choice of units comes back from its address, and has its own name in a CSV', () => {
  for (const units of all) expect(readUnits(writeUnits(units))).toEqual(units);
  const keys = all.filter(({ family }) => family === 'decimal').map(bytesKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(readUnits('GiB,nonsense')).toEqual({ ...defaultUnits, family: 'binary' });
  expect(readUnits(null)).toEqual(defaultUnits);
});

describe('bytes', () => {
  test('of three parties online: the busiest, both ways, all', () => {
    expect(bytes(puma, { direction: 'sent' })).toBe(148_212_480);
    expect(bytes(puma, { direction: 'total' })).toBe(148_212_480 + 2 * 147_990_016);
    // Party 0 sends 148,212,480 and receives one half of what each other party sends.
    expect(bytes(puma, { direction: 'both-ways' })).toBe(148_212_480 + 2 * 73_995_008);
    expect(bytes(puma, { phase: 'offline', direction: 'total' })).toBe(0);
  });

  test('what all roles send and receive is twice what they send', () => {
    const { links, totalBytesSent } = headlineOf(puma);
    expect(Object.values(links).reduce((a, b) => a + b, 0)).toBe(totalBytesSent);
    expect(bytes(puma, { direction: 'total', phase: 'both' })).toBe(totalBytesSent);
  });

  test('the dealer counts offline, not online', () => {
    const { dealerBytes, onlineBytesSent } = headlineOf(dealt);
    expect(bytes(dealt, { phase: 'offline', direction: 'sent' })).toBe(dealerBytes);
    expect(bytes(dealt, { phase: 'online', direction: 'sent' })).toBe(Math.max(...onlineBytesSent));
    expect(bytes(dealt, { phase: 'both', direction: 'total' })).toBe(
      headlineOf(dealt).totalBytesSent,
    );
  });

  test('bytes by link that do not add up are not guessed', () => {
    const without = { ...headlineOf(puma), links: {} };
    expect(bytesIn(without, puma.spec, { ...defaultUnits, direction: 'both-ways' })).toBeNull();
  });

  test('per sample and per token divide by a full batch', () => {
    expect(bytes(puma, { per: 'sample' })).toBe(148_212_480 / 4);
    expect(bytes(puma, { per: 'token' })).toBe(148_212_480 / 4 / 64);
    const few = { ...puma.spec, dataset: { ...puma.spec.dataset, samples: 3 } };
    expect(bytesIn(headlineOf(puma), few, { ...defaultUnits, per: 'sample' })).toBe(
      148_212_480 / 3,
    );
  });

  test('the prefix changes the text, never the value', () => {
    const [gb, gib] = families.map((family) =>
      metricById(metricsOf({ ...defaultUnits, family }), 'bytes'),
    );
    expect(gb?.of(puma)?.value).toBe(gib?.of(puma)?.value);
    expect(gb?.format(1.5e9)).toBe('1.50\u00a0GB');
    expect(gib?.format(2 ** 30)).toBe('1.00\u00a0GiB');
  });
});

test('times keep n and interval whatever they are divided by', () => {
  const headline = headlineOf(puma);
  for (const units of all) {
    const time = timeIn(headline, puma.spec, units);
    expect(time.n).toBe(8);
    expect(time.low).not.toBeNull();
    expect(time.median).toBeGreaterThanOrEqual(time.low ?? 0);
  }
  const token = timeIn(headline, puma.spec, { ...defaultUnits, per: 'token' });
  expect(token.median).toBeCloseTo(1552.5 / 64, 12);
});

test('every picture comes back from its address; words that are none leave the default', () => {
  for (const text of ['pareto,bytes', 'scatter,bytes,rounds,log', 'bars,memory', 'parallel']) {
    expect(writeChart(readChart(text))).toBe(text);
  }
  expect(readChart('bars,nonsense').bar).toBe('time');
  expect(readChart('scatter,bytes')).toMatchObject({ x: 'bytes', y: 'time', scale: 'auto' });
  expect(writeChart(readChart('pie,bytes'))).toBe('');
  const state = readCompare(new URLSearchParams('runs=a,b&chart=scatter,rounds,accuracy,linear'));
  expect(writeCompare(state)).toBe('?runs=a,b&chart=scatter,rounds,accuracy,linear');
});

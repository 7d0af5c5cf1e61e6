/** Where the difference went: steps that add up exactly; and the Pareto front. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Figure } from '../../server/api/schemas/compare-metrics.ts';
import {
  alignProfiles,
  deltaGroups,
  deltaMeasures,
  operationDelta,
  restKey,
} from '../../server/api/schemas/compare-operations.ts';
import { paretoFronts, paretoPlaces } from '../../server/api/schemas/compare-pareto.ts';
import type { OperationRow } from '../../server/api/schemas/run-view.ts';
import { doneRun, headline, operations } from '../support/fixtures.ts';

const row = (path: string, op: string, bytes: number, ms: number): OperationRow => ({
  path,
  op,
  phase: 'online',
  calls: 1,
  elements: 1,
  bytesSent: [bytes, bytes],
  predictedBytesSent: null,
  dealerBytes: 0,
  predictedDealerBytes: null,
  computeMs: ms,
  waitMs: ms / 3,
});

const rows = fc.array(
  fc
    .tuple(
      fc.constantFrom('embedding', 'layer0.attention', 'layer0.norm', 'layer1.attention', ''),
      fc.constantFrom('mul', 'truncate', 'msb'),
      fc.nat(1e9),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    )
    .map((cells) => row(...cells)),
  { maxLength: 30 },
);
const run = fc
  .tuple(rows, fc.double({ min: 0.001, max: 1e7, noNaN: true }), fc.nat(1e10))
  .map(([all, median, sent]) => ({
    headline: {
      ...headline,
      onlineMs: { ...headline.onlineMs, median },
      onlineBytesSent: [sent, 7],
    },
    operations: all,
  }));

describe('operation delta', () => {
  test('steps add up to the difference exactly, to the nanosecond and the byte', () => {
    fc.assert(
      fc.property(
        run,
        run,
        fc.constantFrom(...deltaMeasures),
        fc.constantFrom(...deltaGroups),
        fc.integer({ min: 1, max: 3 }),
        (a, b, measure, group, depth) => {
          const { from, to, steps } = operationDelta(a, b, measure, group, depth);
          expect(steps.reduce((all, { delta }) => all + delta, 0)).toBe(to - from);
          expect(steps.reduce((all, one) => all + one.from, 0)).toBe(from);
          expect(steps.every(({ delta }) => Number.isSafeInteger(delta))).toBe(true);
        },
      ),
    );
  });

  test('a place that only one run has is a step; other phases are none', () => {
    const a = { headline, operations: [row('layer0', 'mul', 10, 1)] };
    const offline = { ...row('layer0', 'mul', 99, 9), phase: 'offline' as const };
    const b = { headline, operations: [row('layer1', 'mul', 4, 2), offline] };
    const { steps } = operationDelta(a, b, 'bytes', 'place');
    expect(steps.find(({ key }) => key === 'layer0')).toMatchObject({
      from: 20,
      to: 0,
      delta: -20,
    });
    expect(steps.find(({ key }) => key === 'layer1')).toMatchObject({ from: 0, to: 8, delta: 8 });
    expect(steps.at(-1)?.key).toBe(restKey);
  });

  test('profiles align by path', () => {
    const half = operations.map((one) => ({ ...one, bytesSent: one.bytesSent.map((n) => n / 2) }));
    const aligned = alignProfiles(doneLike(operations), doneLike(half.slice(0, -2)), 2);
    expect(aligned[0]).toMatchObject({ place: 'embedding' });
    const bytes = aligned[0];
    expect(bytes?.b?.bytes).toBe((bytes?.a?.bytes ?? 0) / 2);
    expect(aligned.find(({ place }) => place === 'classifier')).toMatchObject({ b: null });
  });
});

const doneLike = (all: readonly OperationRow[]) => ({
  headline: doneRun.headline ?? headline,
  operations: all,
});

describe('Pareto front', () => {
  const at = (value: number, spread = 0): Figure => ({
    value,
    low: value - spread,
    high: value + spread,
    bar: [value - spread, value + spread],
    n: 8,
    note: '',
  });

  test('front, sure losers, and those that only the intervals keep in the game', () => {
    const points = [
      { cost: at(1), gain: at(0.8) },
      { cost: at(2), gain: at(0.9) },
      { cost: at(3), gain: at(0.7) },
      { cost: at(2.1, 0.3), gain: at(0.89, 0.05) },
    ];
    expect(paretoPlaces(points)).toEqual(['front', 'front', 'dominated', 'tied']);
    expect(paretoFronts(points)).toEqual([[0, 1]]);
  });

  test('runs that were measured elsewhere beat nobody here', () => {
    const points = [
      { cost: at(1), gain: at(0.9), origin: 'measured, shipped' },
      { cost: at(2), gain: at(0.8), origin: 'measured' },
      { cost: at(3), gain: at(0.7), origin: 'measured, shipped' },
    ];
    expect(paretoPlaces(points)).toEqual(['front', 'front', 'dominated']);
    expect(paretoFronts(points)).toEqual([[0], [1]]);
  });

  test('nobody on the front is beaten, everybody else is', () => {
    const point = fc.record({
      cost: fc.nat(20).map((value) => at(value)),
      gain: fc.nat(20).map((value) => at(value)),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const front = new Set(paretoFronts(points).flat());
        points.forEach((one, index) => {
          const beaten = points.some(
            (other) =>
              other.cost.value <= one.cost.value &&
              other.gain.value >= one.gain.value &&
              (other.cost.value < one.cost.value || other.gain.value > one.gain.value),
          );
          expect(front.has(index)).toBe(!beaten);
        });
      }),
    );
  });
});

/** What a message costs beyond its link, from the certificate of the run. */
import { expect, test } from 'vitest';
import { pairLink, unlimitedLink, type Link } from '../../server/network/link.ts';
import {
  mostWakeMs,
  usualWakeMs,
  wakeUpInside,
  wakeUpOf,
} from '../../server/network/replay/wake-up.ts';

const measured = (p50s: readonly number[]) =>
  p50s.map((p50) => ({
    from: 0 as const,
    to: 1 as const,
    rttMs: { n: 50, min: p50, p50, p99: p50 },
    bitsPerSecond: 1e9,
    bulkBytes: 1,
    bulks: 1,
  }));
const floor = { n: 50, rttMs: 0.12, bitsPerSecond: 1e10, bulkBytes: 1 };

const of = (requested: Link, p50s: readonly number[], measuredFloor: typeof floor | null = floor) =>
  wakeUpOf({ requested, matrix: null, measured: measured(p50s), floor: measuredFloor });

test('half of what a ping took longer than its link asks for, the middle of all links', () => {
  // A ping of 104 bytes with headers takes 0.87 us each way at 1 Gbit/s.
  const link = pairLink('lan', 1e9, 2);
  expect(of(link, [2.08174, 2.10174, 2.50174])).toBeCloseTo(0.05, 4);
});

test('the mean of the frames of the inference, over all roles; outside only where there are none', () => {
  const timelines = [{ overdue: { frames: 30, ms: 3 } }, { overdue: { frames: 10, ms: 5 } }, {}];
  expect(wakeUpInside(timelines, 0.03)).toBeCloseTo(0.2, 9);
  expect(wakeUpInside([{}, {}], 0.03)).toBe(0.03);
  expect(wakeUpInside([{ overdue: { frames: 2, ms: 9 } }], 0.03)).toBe(mostWakeMs);
});

test('where nothing is imposed, half of the floor; where none was measured, the usual', () => {
  expect(of(unlimitedLink, [0.3])).toBe(0.06);
  expect(of(unlimitedLink, [0.3], null)).toBe(usualWakeMs);
});

test('never negative, and a busy machine is not believed', () => {
  expect(of(pairLink('lan', 1e9, 2), [1.9])).toBe(0);
  expect(of(pairLink('lan', 1e9, 2), [30])).toBe(mostWakeMs);
});

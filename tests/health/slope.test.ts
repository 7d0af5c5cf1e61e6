import { expect, test } from 'vitest';
import { slopeOf, type Sample } from '../../benchmarks/reliability/slope.ts';

const megabyte = 2 ** 20;
const samples = (bytesAt: (seconds: number) => number): Sample[] =>
  Array.from({ length: 120 }, (_, i) => ({ seconds: 1.5 * i, bytes: bytesAt(1.5 * i) }));
/** A garbage collector's saw: up by 40 MB in 17 s, down at once. */
const saw = (seconds: number): number => 300 * megabyte + (seconds % 17) * 2.4 * megabyte;

test('a saw is flat, a saw on a slope is not', () => {
  const flat = slopeOf(samples(saw));
  expect(Math.abs(flat.bytesPerMinute)).toBeLessThan(3 * megabyte);
  expect(flat.low).toBeLessThanOrEqual(0);
  const leak = slopeOf(samples((seconds) => saw(seconds) + (20 * megabyte * seconds) / 60));
  expect(leak.bytesPerMinute / megabyte).toBeGreaterThan(15);
  expect(leak.bytesPerMinute / megabyte).toBeLessThan(25);
  expect(leak.low).toBeGreaterThan(5 * megabyte);
});

test('one wild sample changes nothing, too few are refused', () => {
  const wild = samples(saw).with(119, { seconds: 178.5, bytes: 2 ** 33 });
  expect(slopeOf(wild).low).toBeLessThanOrEqual(0);
  expect(() => slopeOf(samples(saw).slice(0, 2))).toThrow(/too few/);
});

import { describe, expect, it } from 'vitest';
import {
  asSentence,
  formatAgo,
  formatBitRate,
  formatBytes,
  formatDate,
  formatDuration,
  formatLink,
  formatPercent,
  formatProportion,
  formatRatio,
  formatRemaining,
  formatSignificant,
  formatSpread,
  plural,
} from '../../server/api/schemas/format.ts';
import { proportion } from '../support/fixtures.ts';

/** Numbers are glued to their units with a no-break space; tests read better with a plain one. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('numbers as text', () => {
  it.each([
    [0, '0'],
    [0.000_42, '0.000420'],
    [9.996, '10.0'],
    [12.34, '12.3'],
    [1234, '1,234'],
    [-3.5, '\u22123.50'],
    [Number.NaN, '\u2013'],
  ])('three significant digits of %s are %s', (value, text) => {
    expect(formatSignificant(value)).toBe(text);
  });

  it.each([
    [0, '0 B', '0 B'],
    [999, '999 B', '999 B'],
    [1000, '1.00 kB', '1,000 B'],
    [999_900, '1.00 MB', '976 KiB'],
    [148_212_480, '148 MB', '141 MiB'],
    [3.6e9, '3.60 GB', '3.35 GiB'],
    [2 ** 30, '1.07 GB', '1.00 GiB'],
  ])('%s bytes are %s or %s', (bytes, decimal, binary) => {
    expect(plain(formatBytes(bytes))).toBe(decimal);
    expect(plain(formatBytes(bytes, 'binary'))).toBe(binary);
  });

  it.each([
    [0.431, '0.431 ms'],
    [412, '412 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [9321, '9.32 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h 0 min'],
  ])('%s ms are %s', (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  it('counts down in whole seconds', () => {
    expect(formatRemaining(-5)).toBe('0 s');
    expect(formatRemaining(34_400)).toBe('34 s');
    expect(formatRemaining(65_000)).toBe('1 min 05 s');
  });

  it('spells bandwidth with "bit"', () => {
    expect(plain(formatBitRate(5e9))).toBe('5 Gbit/s');
    expect(plain(formatBitRate(4e8))).toBe('400 Mbit/s');
    expect(plain(formatBitRate(999.99e6))).toBe('1 Gbit/s');
    expect(plain(formatLink({ backend: 'inline', bitsPerSecond: 5e9, rttMs: 0.4 }))).toBe(
      '5 Gbit/s, 0.4 ms RTT',
    );
    expect(formatLink({ backend: 'none', bitsPerSecond: 5e9, rttMs: 0 })).toContain(
      'nothing imposed',
    );
  });

  it('says a proportion with its n and interval', () => {
    expect(plain(formatProportion(proportion(15, 16)))).toBe(
      '93.8 % (15 of 16; 95 % interval 71.7 to 98.9 %)',
    );
    expect(plain(formatPercent(1))).toBe('100.0 %');
  });

  it('calls a spread an interval only where it is one', () => {
    const median = { median: 5, min: 4, max: 7 };
    const ms = (value: number): string => `${value} ms`;
    expect(formatSpread({ ...median, n: 1, low: null, high: null }, ms)).toBe('n = 1, no interval');
    expect(formatSpread({ ...median, n: 3, low: null, high: null }, ms)).toBe(
      'n = 3, range 4 ms to 7 ms',
    );
    expect(plain(formatSpread({ ...median, n: 8, low: 4.5, high: 6 }, ms))).toBe(
      'n = 8, 95 % interval 4.5 ms to 6 ms',
    );
  });

  it('dates on one clock, ratios with a base, plurals, sentences', () => {
    expect(formatDate('2026-11-22T18:05:51.000Z')).toBe('22 Nov 2026, 18:05 UTC');
    expect(formatDate('never')).toBe('\u2013');
    const now = Date.parse('2026-11-22T18:10:00.000Z');
    expect(formatAgo('2026-11-22T18:09:40.000Z', now)).toBe('just now');
    expect(formatAgo('2026-11-22T18:05:00.000Z', now)).toBe('5 min ago');
    expect(formatAgo('2026-11-20T18:05:00.000Z', now)).toBe('2 days ago');
    expect(formatRatio(1.634)).toBe('\u00d71.63');
    expect(plural(1, 'run')).toBe('1 run');
    expect(plural(1200, 'run')).toBe('1,200 runs');
    expect(asSentence('there is no run x')).toBe('There is no run x.');
  });
});

/** The link model in virtual time: exact numbers, and never faster than the link whatever is sent. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LinkClock,
  chunkBytes,
  chunkStamps,
  serialisationMs,
} from '../../server/network/link-clock.ts';
import { checkLink, isUnshaped, shapedLink, unlimitedLink } from '../../server/network/link.ts';
import type { Link } from '../../server/network/link.ts';
import { findLinkProfile, linkProfiles } from '../../server/network/profiles.ts';

const link = (bitsPerSecond: Link['bitsPerSecond'], rttMs: number, overheadFactor = 1): Link => ({
  name: 'test',
  bitsPerSecond,
  rttMs,
  overheadFactor,
  topology: 'pair',
});

const anyLink = fc
  .record({
    bitsPerSecond: fc.double({ min: 1e4, max: 1e12, noNaN: true }),
    rttMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
    overheadFactor: fc.double({ min: 1, max: 2, noNaN: true }),
  })
  .map((fields): Link => ({ name: 'any', topology: 'pair', ...fields }));

/** Float64 rounding of times up to a few 1e9 ms. */
const rounding = 1e-5;

describe('link clock', () => {
  it('serialises at the rate and delays by half the RTT', () => {
    const clock = new LinkClock(link(100e6, 80));
    // 1 MB at 100 Mbit/s is 80 ms.
    expect(clock.send(1000, 1e6)).toEqual({ startMs: 1000, stampMs: 1080, dueMs: 1120 });
  });

  it('queues a frame behind the one before it, and starts at once when the link is free', () => {
    const clock = new LinkClock(link(1e9, 0.5));
    expect(clock.send(0, 125_000)).toEqual({ startMs: 0, stampMs: 1, dueMs: 1.25 });
    expect(clock.send(0.5, 125_000)).toEqual({ startMs: 1, stampMs: 2, dueMs: 2.25 });
    expect(clock.freeAtMs).toBe(2);
    expect(clock.send(10, 250_000)).toEqual({ startMs: 10, stampMs: 12, dueMs: 12.25 });
  });

  it('charges the header overhead', () => {
    expect(serialisationMs(link(100e6, 80, 1.0456), 10e6)).toBeCloseTo(836.48, 9);
  });

  it('takes no time for bytes on an unlimited rate, but keeps the delay', () => {
    expect(new LinkClock(link('unlimited', 40)).send(7, 1e9).dueMs).toBe(27);
  });

  it('gives a frame the stamp of its last 64 KiB chunk', () => {
    fc.assert(
      fc.property(anyLink, fc.integer({ min: 1, max: 2 ** 24 }), (link, bytes) => {
        const stamps = chunkStamps(link, 5, bytes);
        expect(stamps).toHaveLength(Math.ceil(bytes / chunkBytes));
        expect(stamps.at(-1)).toBe(new LinkClock(link).send(5, bytes).stampMs);
        expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
      }),
    );
  });

  it('is never faster than the link, keeps the order, and never idles with work to do', () => {
    const sends = fc.array(
      fc.record({
        gapMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 500, noNaN: true })),
        bytes: fc.oneof(fc.integer({ min: 40, max: 200 }), fc.integer({ min: 40, max: 2 ** 30 })),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(anyLink, sends, (link, sends) => {
        const clock = new LinkClock(link);
        let nowMs = 1e6;
        const frames = sends.map(({ gapMs, bytes }) => {
          nowMs += gapMs;
          return { atMs: nowMs, bytes, ...clock.send(nowMs, bytes) };
        });
        const tolerance = rounding * (frames.at(-1)?.stampMs ?? 0) * 1e-6 + rounding;
        frames.forEach((frame, i) => {
          const alone = serialisationMs(link, frame.bytes);
          expect(frame.dueMs).toBeGreaterThanOrEqual(
            frame.atMs + alone + link.rttMs / 2 - tolerance,
          );
          const before = frames[i - 1];
          const freeMs = Math.max(frame.atMs, before?.stampMs ?? 0);
          expect(frame.startMs).toBe(freeMs);
          // Whatever window one looks at: no more bits come out than the rate allows.
          let bytes = 0;
          for (const later of frames.slice(i)) {
            bytes += later.bytes;
            expect(later.stampMs - frame.startMs).toBeGreaterThanOrEqual(
              serialisationMs(link, bytes) - tolerance,
            );
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('links', () => {
  it.each([
    ['bitsPerSecond', 0],
    ['bitsPerSecond', -1e9],
    ['bitsPerSecond', Number.NaN],
    ['bitsPerSecond', Infinity],
    ['bitsPerSecond', 1e15],
    ['rttMs', -1],
    ['rttMs', Number.NaN],
    ['rttMs', 1e6],
    ['overheadFactor', 0],
    ['overheadFactor', 0.99],
    ['overheadFactor', 5],
  ])('refuses %s = %d by name, value and allowed range', (field, value) => {
    const bad = { ...link(1e9, 1), [field]: value };
    const text = new RegExp(`link 'test': ${field} is ${value}, allowed: \\S+ to \\S+`);
    expect(() => checkLink(bad)).toThrow(text);
    expect(() => checkLink(bad)).toThrow(expect.objectContaining({ kind: 'range' }));
  });

  it('never shapes links of the owner, nor unlimited ones', () => {
    expect(shapedLink(link(1e9, 1), 0, 'owner')).toBeUndefined();
    expect(shapedLink(link(1e9, 1), 'owner', 2)).toBeUndefined();
    expect(shapedLink(link(1e9, 1), 'dealer', 'owner')).toBeUndefined();
    expect(shapedLink(link(1e9, 1), 'dealer', 0)).toEqual(link(1e9, 1));
    expect(shapedLink(unlimitedLink, 0, 1)).toBeUndefined();
    expect(shapedLink((from) => (from === 0 ? link(1e9, 1) : undefined), 0, 1)?.rttMs).toBe(1);
    expect(shapedLink((from) => (from === 0 ? link(1e9, 1) : undefined), 1, 0)).toBeUndefined();
  });

  it('has profiles that are valid, JSON-safe, and say where they come from', () => {
    for (const profile of linkProfiles) {
      checkLink(profile.link);
      expect(structuredClone(profile)).toEqual(JSON.parse(JSON.stringify(profile)));
      expect(profile.citation.length).toBeGreaterThan(20);
      expect(findLinkProfile(profile.link.name)).toBe(profile);
    }
    expect(isUnshaped(findLinkProfile('loopback').link)).toBe(true);
    expect(findLinkProfile('mpcvit-wan').basis).toBe('inferred');
    expect(() => findLinkProfile('lan')).toThrow(/'lan', allowed: puma-lan, lan-1g/);
  });
});

/** The whole network in virtual time: who shares a rate, what slow start adds, and never faster than the link. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkBytes, serialisationMs } from '../../server/network/link-clock.ts';
import { LinkModel } from '../../server/network/link-model.ts';
import { linkChoiceOf, pairLink } from '../../server/network/link.ts';
import type { Link, Topology } from '../../server/network/link.ts';
import { initialWindowBytes, SlowStart } from '../../server/network/slow-start.ts';

const link = (
  bitsPerSecond: Link['bitsPerSecond'],
  rttMs: number,
  more: Partial<Link> = {},
): Link => ({ name: 'test', bitsPerSecond, rttMs, overheadFactor: 1, topology: 'pair', ...more });

/** A transfer and its 1-byte acknowledgement, in ms, on a network on which nothing was sent yet. */
function acknowledged(model: LinkModel, bytes: number): number {
  const there = model.send(0, 0, 1, bytes)?.dueMs ?? NaN;
  return model.send(there, 1, 0, 1)?.dueMs ?? NaN;
}

describe('slow start', () => {
  it.each([
    ['W1', 100e6, 80, 1e6, 567, 2],
    ['W1', 100e6, 80, 1e5, 245, 1],
    ['W2', 400e6, 40, 1e6, 282, 2],
  ])('%s, a first transfer of %d bit/s, %d ms, %d bytes takes %d ms', (...row) => {
    const [, rate, rttMs, bytes, expected, within] = row;
    const model = new LinkModel(link(rate, rttMs, { tcp: 'cubic' }));
    expect(Math.abs(acknowledged(model, bytes) - expected)).toBeLessThanOrEqual(within);
  });

  it('is over on a connection that was used, and begins anew when it rested', () => {
    const model = new LinkModel(link(400e6, 40, { tcp: 'cubic' }));
    let atMs = model.send(0, 0, 1, 20e6)?.stampMs ?? NaN;
    const warm = model.send(atMs, 0, 1, 1e6);
    expect(warm).toMatchObject({ startMs: atMs, stampMs: atMs + 20 });
    // 240 ms is one timeout: ten of them and the window is ten segments again.
    atMs = (warm?.stampMs ?? NaN) + 24_000;
    const rested = model.send(atMs, 0, 1, 1e6);
    const first = new LinkModel(link(400e6, 40, { tcp: 'cubic' })).send(0, 0, 1, 1e6);
    expect((rested?.stampMs ?? 0) - atMs).toBeCloseTo(first?.stampMs ?? NaN, 6);
  });

  it('starts with ten segments, doubles, and is never faster than the rate', () => {
    expect(initialWindowBytes).toBe(14_480);
    const window = new SlowStart(1000, 100);
    // One window a round trip: 14 480, then 28 960, and the rest.
    expect(window.send(0, 50_000)).toBeCloseTo(200 + (50_000 - 3 * 14_480) / 1000, 9);
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            gap: fc.integer({ min: 0, max: 5000 }),
            bytes: fc.integer({ min: 1, max: 1e7 }),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        (sends, rate, rttMs) => {
          const window = new SlowStart(rate, rttMs);
          let atMs = 0;
          for (const { gap, bytes } of sends) {
            const endMs = window.send(atMs + gap, bytes);
            expect(endMs).toBeGreaterThanOrEqual(atMs + gap + bytes / rate - 1e-6 * endMs);
            atMs = endMs;
          }
        },
      ),
    );
  });
});

describe('a shared rate', () => {
  it('gives two peers half each: 10 MB to both takes what 20 MB take', () => {
    const model = new LinkModel(link(1e9, 0.5, { topology: 'nic' }));
    const first = model.send(0, 0, 1, 10e6);
    expect(first).toMatchObject({ stampMs: 80, moved: [] });
    const second = model.send(0, 0, 2, 10e6);
    expect(second?.stampMs).toBeCloseTo(160, 6);
    const [moved] = second?.moved ?? [];
    expect(moved).toMatchObject({ from: 0, to: 1, index: 0 });
    // The first one had a chunk's start: it ends before the last, partial chunk of the other.
    expect(moved?.stampMs).toBeGreaterThan(159);
    expect(moved?.stampMs).toBeLessThan(160);
  });

  it('lets a small message pass between the chunks of a large one', () => {
    const model = new LinkModel(link(1e9, 0.5, { topology: 'nic' }));
    model.send(0, 0, 1, 10e6);
    const small = model.send(10, 0, 2, 64);
    const chunkMs = (chunkBytes * 8) / 1e6;
    // It waits for the chunk under way and no more.
    expect(small?.stampMs).toBeLessThanOrEqual(10 + chunkMs + 0.001);
    expect(small?.moved).toHaveLength(1);
    // Alone in its own queue, a message to the same peer waits for all of it.
    expect(model.send(10, 0, 1, 64)?.stampMs).toBeGreaterThan(80);
  });

  it('is one card for each role with nic, and one queue for everything with shared', () => {
    const all = [
      [0, 1],
      [1, 0],
      [0, 2],
      [2, 0],
      [1, 2],
      [2, 1],
    ] as const;
    const last = (topology: Topology): number => {
      const model = new LinkModel(link(400e6, 40, { topology }));
      return Math.max(...all.map(([from, to]) => model.send(0, from, to, 10e6)?.dueMs ?? NaN));
    };
    expect(last('pair')).toBeCloseTo(220, 6);
    expect(last('nic')).toBeCloseTo(420, 6);
    // The trap of tc on lo: almost six times as long.
    expect(last('shared')).toBeCloseTo(1220, 6);
  });

  it('takes a time that goes back for the latest one', () => {
    const model = new LinkModel(link(1e9, 0, { topology: 'nic' }));
    expect(model.send(100, 0, 1, 125_000)?.stampMs).toBe(101);
    expect(model.send(50, 0, 2, 125_000)?.stampMs).toBeGreaterThanOrEqual(101);
    const pair = new LinkModel(link(1e9, 0));
    pair.send(100, 0, 1, 125_000);
    expect(pair.send(50, 0, 1, 125_000)).toMatchObject({ startMs: 101, stampMs: 102 });
  });

  it('is never exceeded, and keeps the order of each link, whatever is sent', () => {
    const sends = fc.array(
      fc.record({
        gapMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 20, noNaN: true })),
        to: fc.constantFrom(1 as const, 2 as const, 'dealer' as const),
        bytes: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2 ** 20 })),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(sends, fc.double({ min: 1e6, max: 1e10, noNaN: true }), (sends, rate) => {
        const model = new LinkModel(link(rate, 1, { topology: 'nic' }));
        let atMs = 0;
        const frames: { at: number; to: unknown; bytes: number; index: number; stamp: number }[] =
          [];
        for (const { gapMs, to, bytes } of sends) {
          atMs += gapMs;
          const timing = model.send(atMs, 0, to, bytes);
          if (timing === undefined) throw new Error('not shaped');
          for (const { to: other, index, stampMs } of timing.moved) {
            const frame = frames.find((entry) => entry.to === other && entry.index === index);
            expect(stampMs).toBeGreaterThanOrEqual(frame?.stamp ?? Infinity);
            if (frame !== undefined) frame.stamp = stampMs;
          }
          frames.push({ at: atMs, to, bytes, index: timing.index, stamp: timing.stampMs });
        }
        // All that ended by any time began after the first of it was handed over: no more than the rate.
        const ended = frames.toSorted((a, b) => a.stamp - b.stamp);
        ended.forEach((frame, i) => {
          const bytes = ended.slice(0, i + 1).reduce((sum, entry) => sum + entry.bytes, 0);
          const least = (frames[0]?.at ?? 0) + serialisationMs(link(rate, 1), bytes);
          expect(frame.stamp).toBeGreaterThanOrEqual(least - 1e-6);
          expect(frame.stamp).toBeGreaterThanOrEqual(
            frame.at + serialisationMs(link(rate, 1), frame.bytes) - 1e-6,
          );
        });
        for (const to of [1, 2, 'dealer']) {
          const stamps = frames.filter((frame) => frame.to === to).map(({ stamp }) => stamp);
          expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('links that differ', () => {
  it('take rate and half of the round trip from their own entry, the dealer from row 2', () => {
    const choice = linkChoiceOf(link(1e9, 10), {
      bitsPerSecond: [
        [0, 100e6, 'unlimited'],
        [200e6, 0, 1e9],
        [1e9, 1e9, 0],
      ],
      rttMs: [
        [0, 20, 4],
        [30, 0, 2],
        [6, 2, 0],
      ],
    });
    const model = new LinkModel(choice);
    expect(model.send(0, 0, 1, 125_000)).toMatchObject({ stampMs: 10, dueMs: 20 });
    expect(model.send(0, 1, 0, 125_000)).toMatchObject({ stampMs: 5, dueMs: 20 });
    expect(model.send(0, 0, 'dealer', 1e9)).toMatchObject({ stampMs: 0, dueMs: 2 });
    expect(model.send(0, 'dealer', 0, 125_000)).toMatchObject({ stampMs: 1, dueMs: 4 });
    expect(linkChoiceOf(pairLink('same', 1e9, 1), undefined)).toEqual(pairLink('same', 1e9, 1));
  });

  it('never shape the owner', () => {
    const model = new LinkModel(link(1e6, 100));
    expect(model.send(0, 'owner', 0, 1e6)).toBeUndefined();
    expect(model.link(1, 'owner')).toBeUndefined();
  });
});

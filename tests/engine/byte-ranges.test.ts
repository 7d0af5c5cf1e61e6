/** Bytes taken are remembered by their place in memory, whatever view shows them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteRanges } from '../../server/engine/byte-ranges.ts';

const size = 40;
const view = fc
  .tuple(fc.nat(1), fc.nat(size), fc.nat(size))
  .map(([buffer, a, b]) => ({ buffer, start: Math.min(a, b), end: Math.max(a, b) }));

test('a view touches what was taken exactly where one of its bytes was', () => {
  fc.assert(
    fc.property(fc.array(view, { maxLength: 30 }), (views) => {
      const buffers = [new ArrayBuffer(size), new ArrayBuffer(size)];
      const taken = buffers.map(() => new Set<number>());
      const ranges = new ByteRanges();
      for (const { buffer, start, end } of views) {
        const bytes = new Uint8Array(buffers[buffer]!, start, end - start);
        const places = Array.from(bytes, (_, at) => start + at);
        expect(ranges.touches(bytes)).toBe(places.some((at) => taken[buffer]!.has(at)));
        ranges.take(bytes);
        for (const at of places) taken[buffer]!.add(at);
      }
    }),
  );
});

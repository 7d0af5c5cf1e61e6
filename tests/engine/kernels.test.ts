/**
 * Every kernel on every backend and instruction set that this machine has, against the reference.
 *
 * Both get the same memory and must leave the same bytes behind. Values are random words mixed with
 * the extremes of the ring; shapes are small and odd, so that every edge of every tile is met. Long because there are many kernels and
 * each needs its own shapes.
 */
import { createCipheriv, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bytes, LaneBits, RingBits } from '../../server/engine/ring/kernels.ts';
import {
  backends,
  generator,
  mismatch,
  mismatchInPlace,
  reference,
  words,
} from './kernel-backends.ts';

const rings: readonly RingBits[] = [32, 64];
const lanes: readonly LaneBits[] = [8, 16, 32, 64];

const counts = [0, 1, 2, 7, 8, 9, 31, 64, 100, 1023];

for (const [name, found] of backends) {
  describe.skipIf(found === null)(`kernels: ${name}`, () => {
    const kernels = found ?? reference;

    describe.each(rings)('words of %d bits', (bits) => {
      const w = bits / 8;

      it.each(['add', 'sub', 'mul'] as const)('binary, row, column and scalar: %s', (op) => {
        for (const n of counts) {
          const [x, y] = [words(n, w, n + 1), words(n, w, n + 2)];
          expect(
            mismatchInPlace(kernels, [x, y], (k, a, b, out) => k.binary(op, bits, a, b, out)),
          ).toBeNull();
          for (const scalar of [0n, 1n, -1n, 0x9e3779b97f4a7c15n, -(1n << 63n)]) {
            expect(
              mismatchInPlace(kernels, [x], (k, a, out) =>
                k.binaryScalar(op, bits, a, scalar, out),
              ),
            ).toBeNull();
          }
        }
        for (const [rows, columns] of [
          [0, 0],
          [0, 5],
          [1, 1],
          [3, 17],
          [40, 1],
          [1, 900],
          [50, 33],
        ] as const) {
          const x = words(rows * columns, w, rows + columns);
          expect(
            mismatchInPlace(kernels, [x, words(columns, w, 5)], (k, a, b, out) =>
              k.binaryRow(op, bits, a, b, out),
            ),
          ).toBeNull();
          expect(
            mismatchInPlace(kernels, [x, words(rows, w, 6)], (k, a, b, out) =>
              k.binaryColumn(op, bits, a, b, columns, out),
            ),
          ).toBeNull();
        }
      });

      it('negate and reverseBits', () => {
        for (const n of counts) {
          expect(
            mismatchInPlace(kernels, [words(n, w, n)], (k, x, out) => k.negate(bits, x, out)),
          ).toBeNull();
          expect(
            mismatchInPlace(kernels, [words(n, w, n)], (k, x, out) => k.reverseBits(bits, x, out)),
          ).toBeNull();
        }
      });

      it.each(['left', 'logical', 'arithmetic'] as const)('shift: %s', (kind) => {
        for (const by of [0, 1, 13, bits / 2, bits - 1]) {
          expect(
            mismatchInPlace(kernels, [words(77, w, by)], (k, x, out) =>
              k.shift(kind, bits, x, by, out),
            ),
          ).toBeNull();
        }
      });

      it('sum over an axis', () => {
        for (const [outer, axis, inner] of [
          [1, 1, 1],
          [0, 3, 2],
          [2, 0, 3],
          [2, 3, 0],
          [5, 7, 1],
          [3, 4, 5],
          [1, 700, 1],
          [2, 3, 130],
        ] as const) {
          const x = words(outer * axis * inner, w, axis);
          expect(
            mismatch(kernels, [x, words(outer * inner, w, 3)], (k, a, out) =>
              k.sum(bits, a, outer, axis, inner, out),
            ),
          ).toBeNull();
        }
      });

      it('matmul: random small shapes', () => {
        const dimension = fc.integer({ min: 0, max: 21 });
        fc.assert(
          fc.property(
            fc.record({
              batch: fc.integer({ min: 0, max: 3 }),
              m: dimension,
              k: dimension,
              n: dimension,
            }),
            fc.boolean(),
            fc.boolean(),
            fc.nat(),
            ({ batch, m, k, n }, shared, accumulate, seed) => {
              const yBatch = shared ? 1 : batch;
              const buffers = [
                words(batch * m * k, w, seed),
                words(yBatch * k * n, w, seed + 1),
                words(batch * m * n, w, seed + 2),
              ];
              expect(
                mismatch(kernels, buffers, (kk, x, y, out) =>
                  kk.matmul(bits, x, y, out, { batch, yBatch, m, k, n, accumulate }),
                ),
              ).toBeNull();
            },
          ),
          { numRuns: 150 },
        );
      });

      it.each([
        [1, 1, 300, 70],
        [3, 2, 5, 600],
        [1, 4, 4, 32],
        [1, 130, 33, 65],
        [1, 5, 513, 40],
        [1, 129, 257, 31],
        [2, 128, 64, 32],
        [1, 7, 600, 3],
        [1, 260, 3, 9],
        [1, 2, 3, 4200],
      ] as const)('matmul across blocks: %d x (%d, %d, %d)', (batch, m, k, n) => {
        for (const yBatch of new Set([1, batch])) {
          const buffers = [
            words(batch * m * k, w, m),
            words(yBatch * k * n, w, n),
            words(batch * m * n, w, k),
          ];
          for (const accumulate of [false, true]) {
            expect(
              mismatch(kernels, buffers, (kk, x, y, out) =>
                kk.matmul(bits, x, y, out, { batch, yBatch, m, k, n, accumulate }),
              ),
            ).toBeNull();
          }
        }
      });

      it('transpose', () => {
        for (const [batch, rows, columns] of [
          [1, 1, 1],
          [0, 3, 3],
          [2, 0, 4],
          [1, 1, 9],
          [3, 17, 5],
          [2, 16, 16],
          [1, 33, 100],
        ] as const) {
          const n = batch * rows * columns;
          expect(
            mismatch(kernels, [words(n, w, n), words(n, w, 1)], (k, x, out) =>
              k.transpose(bits, x, batch, rows, columns, out),
            ),
          ).toBeNull();
        }
      });

      it('parity and chooseByBit', () => {
        for (const n of counts) {
          for (const mask of [0n, -1n, 1n, 0x8000000080000001n, 0x123456789abcdefn]) {
            expect(
              mismatch(kernels, [words(n, w, n), new Uint8Array(n)], (k, x, out) =>
                k.parity(bits, x, mask, out),
              ),
            ).toBeNull();
          }
          const bit = words(n, 1, 9);
          expect(
            mismatchInPlace(kernels, [words(n, w, 1), words(n, w, 2), bit], (k, x, y, b, out) =>
              k.chooseByBit(bits, b, x, y, out),
            ),
          ).toBeNull();
        }
      });

      it('replicatedMul', () => {
        for (const n of counts) {
          const inputs = [1, 2, 3, 4, 5].map((seed) => words(n, w, seed));
          expect(
            mismatchInPlace(kernels, inputs, (k, a, b, c, d, e, out) =>
              k.replicatedMul(bits, a, b, c, d, e, out),
            ),
          ).toBeNull();
        }
      });

      it('beaverMul, divideSigned and maskedTruncation', () => {
        for (const n of counts) {
          const inputs = [1, 2, 3, 4, 5].map((seed) => words(n, w, seed));
          const three = inputs.slice(0, 3);
          for (const first of [true, false]) {
            expect(
              mismatchInPlace(kernels, inputs, (k, e, d, a, b, c, out) =>
                k.beaverMul(bits, first, e, d, a, b, c, out),
              ),
            ).toBeNull();
            for (const by of [1, 18, bits - 3]) {
              expect(
                mismatchInPlace(kernels, three, (k, opened, top, low, out) =>
                  k.maskedTruncation(bits, first, by, opened, top, low, out),
                ),
              ).toBeNull();
            }
          }
          for (const by of [0, 1, 18, bits - 1]) {
            expect(
              mismatchInPlace(kernels, inputs.slice(0, 1), (k, x, out) =>
                k.divideSigned(bits, x, by, out),
              ),
            ).toBeNull();
          }
        }
      });

      it('subsetProducts and compareLeaves', () => {
        for (const n of counts) {
          expect(
            mismatch(kernels, [words(n, w, 1), new Uint8Array(30 * n)], (k, r, out) =>
              k.subsetProducts(bits, r, out),
            ),
          ).toBeNull();
          for (const [first, whole] of [
            [true, true],
            [true, false],
            [false, true],
            [false, false],
          ] as const) {
            const inputs = [words(n, w, 2), words(15 * n, 2, 3)];
            const outputs = [2, 2, 1].map((width) => new Uint8Array(n * width));
            expect(
              mismatch(kernels, [...inputs, ...outputs], (k, c, products, less, equal, top) =>
                k.compareLeaves(bits, first, whole, c, products, less, equal, top),
              ),
            ).toBeNull();
          }
        }
      });

      it('encode and decode', () => {
        const next = generator(bits);
        const values = Float64Array.from(
          { length: 500 },
          () => (next() - 2 ** 31) / 2 ** (next() % 40),
        );
        values.set([
          0,
          -0,
          0.5,
          -0.5,
          1.5,
          2.5,
          -2.5,
          0.49999999999999994,
          1e300,
          -1e300,
          Infinity,
        ]);
        values.set(
          [-Infinity, 2 ** 62, -(2 ** 62), 2 ** 30, -(2 ** 30), 5e-324, 2 ** 52 + 0.5, 1 / 3],
          20,
        );
        values.set(
          [2 ** -19, -(2 ** -19), 3 * 2 ** -19, 2 ** 44, 2 ** 44 - 1, 4503599627370495.5],
          60,
        );
        for (const fractionBits of [0, 1, 16, 18, bits - 2]) {
          expect(
            mismatch(kernels, [new Uint8Array(values.length * w)], (k, out) =>
              k.encode(bits, fractionBits, values, out),
            ),
          ).toBeNull();
          expect(
            mismatch(kernels, [words(300, w, 3), new Uint8Array(2400)], (k, x, out) =>
              k.decode(bits, fractionBits, x, new Float64Array(out.buffer)),
            ),
          ).toBeNull();
        }
        expect(() =>
          kernels.encode(bits, 16, Float64Array.of(1, Number.NaN), new Uint8Array(2 * w)),
        ).toThrow(
          expect.objectContaining({ kind: 'range', message: 'encode: x[1] is not a number' }),
        );
      });
    });

    it.each([1, 2, 4, 8] as const)('copyStrided of %d-byte elements', (bytes) => {
      const cases: readonly (readonly [number, number[], number[]])[] = [
        [0, [], []],
        [5, [1], [3]],
        [0, [0, 3], [1, 1]],
        [2, [4, 3], [0, 1]],
        [0, [4, 5], [1, 0]],
        [0, [6, 20], [1, 6]],
        [99, [100], [-1]],
        [3, [2, 3, 4], [1, 2, 20]],
        [0, [3, 4, 5, 6], [30, 1, 100, 5]],
        [0, [2, 1, 3, 1, 40], [180, 7, 60, 9, 1]],
        [500, [3, 2, 2, 30], [-40, 0, 13, -2]],
        [0, [33, 35], [1, 33]],
      ];
      const x = words(1200, bytes, bytes);
      for (const [offset, shape, strides] of cases) {
        const n = shape.reduce((a, b) => a * b, 1);
        expect(
          mismatch(kernels, [x, new Uint8Array(n * bytes)], (k, a, out) =>
            k.copyStrided(bytes, a, offset, shape, strides, out),
          ),
        ).toBeNull();
      }
    });

    it('bitwise and replicatedAnd, at any byte offset', () => {
      for (const n of counts) {
        const inputs = [1, 2, 3, 4, 5].map((seed) => words(n + 3, 1, seed).subarray(3));
        for (const op of ['and', 'xor', 'or'] as const) {
          expect(
            mismatchInPlace(kernels, inputs.slice(0, 2), (k, x, y, out) =>
              k.bitwise(op, x, y, out),
            ),
          ).toBeNull();
        }
        expect(
          mismatchInPlace(kernels, inputs, (k, a, b, c, d, e, out) =>
            k.replicatedAnd(a, b, c, d, e, out),
          ),
        ).toBeNull();
        for (const first of [true, false]) {
          expect(
            mismatchInPlace(kernels, inputs, (k, e, d, x, y, c, out) =>
              k.beaverAnd(first, e, d, x, y, c, out),
            ),
          ).toBeNull();
        }
      }
    });

    it.each([4, 1] as const)('gates %d wide: open, products, combine', (width) => {
      const lane = width === 4 ? 2 : 1;
      const planes = width === 4 ? 11 : 3;
      for (const n of counts) {
        const [less, equal] = [words(n, lane, 1), words(n, lane, 2)];
        const [mask, opened] = [words(n * width, 1, 3), words(n * width, 1, 4)];
        const products = words(n * planes, 1, 5);
        expect(
          mismatch(kernels, [less, equal, mask, new Uint8Array(n * width)], (k, l, e, m, out) =>
            k.gateOpen(width, l, e, m, out),
          ),
        ).toBeNull();
        expect(
          mismatch(kernels, [mask, new Uint8Array(n * planes)], (k, m, out) =>
            k.gateProducts(width, m, out),
          ),
        ).toBeNull();
        for (const first of [true, false]) {
          expect(
            mismatch(
              kernels,
              [opened, mask, products, less, new Uint8Array(n), new Uint8Array(n)],
              (k, o, m, p, l, lessOut, equalOut) =>
                k.gateCombine(width, first, o, m, p, l, lessOut, equalOut),
            ),
          ).toBeNull();
        }
      }
    });

    it.each(lanes)('lanes of %d bits: shift, mask, resize, split', (lane) => {
      const w = lane / 8;
      for (const n of counts) {
        const x = words(n, w, n);
        for (const by of [0, 1, 5, lane - 1]) {
          expect(
            mismatchInPlace(kernels, [x], (k, a, out) => k.shiftLanes('left', lane, a, by, out)),
          ).toBeNull();
          expect(
            mismatchInPlace(kernels, [x], (k, a, out) => k.shiftLanes('right', lane, a, by, out)),
          ).toBeNull();
        }
        for (const mask of [0n, -1n, 0x5555555555555555n]) {
          expect(
            mismatchInPlace(kernels, [x], (k, a, out) => k.maskLanes(lane, a, mask, out)),
          ).toBeNull();
        }
        for (const to of lanes) {
          expect(
            mismatch(kernels, [x, new Uint8Array((n * to) / 8)], (k, a, out) =>
              k.resizeLanes(lane, to, a, out),
            ),
          ).toBeNull();
        }
        for (const used of [1, 2, 3, 4, 7, 8, 11, 16, 32, 64].filter((u) => u <= lane)) {
          const half = new Uint8Array(n * Math.max(1, used / 16));
          expect(
            mismatch(kernels, [x, half, half], (k, a, even, odd) =>
              k.splitEvenOdd(lane, used, a, even, odd),
            ),
          ).toBeNull();
        }
      }
    });

    it('works on shared memory and in more than one tile', () => {
      const n = 30000;
      const shared = (seed: number): Bytes => {
        const bytes = new Uint8Array(new SharedArrayBuffer(8 * n));
        bytes.set(words(n, 8, seed));
        return bytes;
      };
      const [x, y, out] = [shared(1), shared(2), shared(3)];
      kernels.binary('mul', 64, x, y, out);
      const product = new Uint8Array(8 * n);
      reference.binary('mul', 64, x, y, product);
      expect(Buffer.compare(out, product)).toBe(0);
      for (const [outer, axis, inner] of [
        [1, n, 1],
        [n / 2, 2, 1],
        [2, 3, 5000],
        [1, 2, 15000],
      ] as const) {
        expect(
          mismatch(kernels, [x, new Uint8Array(outer * inner * 8)], (k, a, o) =>
            k.sum(64, a, outer, axis, inner, o),
          ),
        ).toBeNull();
      }
      expect(
        mismatch(kernels, [x, new Uint8Array(n * 4), new Uint8Array(n * 4)], (k, a, even, odd) =>
          k.splitEvenOdd(64, 64, a, even, odd),
        ),
      ).toBeNull();
      expect(
        mismatchInPlace(kernels, [x, words(10000, 8, 4)], (k, a, row, o) =>
          k.binaryRow('add', 64, a, row, o),
        ),
      ).toBeNull();
      expect(
        mismatchInPlace(kernels, [x, words(3000, 8, 4)], (k, a, c, o) =>
          k.binaryColumn('mul', 64, a, c, 10, o),
        ),
      ).toBeNull();
    });

    it.each([
      [300, 40, 1100],
      [5, 1100, 9],
    ] as const)('matmul in more than one tile: %d, %d, %d', (m, k, n) => {
      const [x, y] = [words(m * k, 8, 1), words(k * n, 8, 2)];
      for (const accumulate of [false, true]) {
        const out = words(m * n, 8, 3);
        const before = new BigUint64Array(out.slice().buffer);
        kernels.matmul(64, x, y, out, { batch: 1, yBatch: 1, m, k, n, accumulate });
        // The reference would take seconds: single entries, from every corner of the tiles.
        const [a, b, c] = [x, y, out].map((bytes) => new BigUint64Array(bytes.buffer));
        for (const at of [0, n - 1, n * (m - 1), m * n - 1, n * (m >> 1) + n - 2, n * 4 + 3]) {
          let expected = accumulate ? (before[at] ?? 0n) : 0n;
          for (let p = 0; p < k; p++) {
            expected += (a?.[Math.floor(at / n) * k + p] ?? 0n) * (b?.[p * n + (at % n)] ?? 0n);
          }
          expect(c?.[at]).toBe(BigInt.asUintN(64, expected));
        }
      }
    });

    it('aesCtr gives the stream of node:crypto, also where the counter carries', () => {
      const counters = [
        new Uint8Array(16),
        randomBytes(16),
        new Uint8Array(16).fill(255),
        Uint8Array.from({ length: 16 }, (_, i) => (i < 8 ? 7 : 255)),
        Uint8Array.from({ length: 16 }, (_, i) => (i < 8 ? 255 : i === 15 ? 200 : 255)),
      ];
      for (const counter of counters) {
        for (const n of [0, 1, 15, 16, 17, 127, 128, 511, 512, 513, 5000, 300001]) {
          const key = randomBytes(16);
          const out = new Uint8Array(n);
          kernels.aesCtr(key, counter, out);
          const expected = createCipheriv('aes-128-ctr', key, counter).update(new Uint8Array(n));
          expect(Buffer.compare(out, expected)).toBe(0);
        }
      }
    });
  });
}

/**
 * The reference backend: BigInt, one element at a time, as close to the definitions as can be.
 *
 * It is the oracle of the tests and nothing else: hundreds of times slower than the others and not
 * constant time (BigInt arithmetic depends on the size of its values).
 */
import { checked, notANumber } from './check.ts';
import { comparisonReference } from './comparison-reference.ts';
import type { BinaryOp, BitOp, Bytes, Kernels } from './kernels.ts';
import { portableAesCtr } from './portable-aes.ts';

/** Elements of `bits` bits as non-negative bigints. */
function read(bits: number, x: Bytes): bigint[] {
  const view = new DataView(x.buffer, x.byteOffset, x.byteLength);
  const values: bigint[] = [];
  for (let at = 0; at < x.length; at += bits / 8) {
    if (bits === 64) values.push(view.getBigUint64(at, true));
    else if (bits === 32) values.push(BigInt(view.getUint32(at, true)));
    else if (bits === 16) values.push(BigInt(view.getUint16(at, true)));
    else values.push(BigInt(view.getUint8(at)));
  }
  return values;
}

/** Stores elements mod 2^bits. */
function write(bits: number, values: readonly bigint[], out: Bytes): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  for (const [i, value] of values.entries()) {
    const word = BigInt.asUintN(bits, value);
    if (bits === 64) view.setBigUint64(8 * i, word, true);
    else if (bits === 32) view.setUint32(4 * i, Number(word), true);
    else if (bits === 16) view.setUint16(2 * i, Number(word), true);
    else view.setUint8(i, Number(word));
  }
}

const operations: Readonly<Record<BinaryOp | BitOp, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  and: (a, b) => a & b,
  xor: (a, b) => a ^ b,
  or: (a, b) => a | b,
};

/** The element at an index that a caller's arithmetic has kept within range. */
function at<T>(values: readonly T[], i: number): T {
  const value = values[i];
  if (value === undefined) throw new RangeError(`no element ${i} of ${values.length}`);
  return value;
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** Bits start, start + 2, start + 4, ... below `used`, moved together. */
function everySecondBit(value: bigint, start: number, used: number): bigint {
  let result = 0n;
  for (let bit = start; bit < used; bit += 2) {
    result |= ((value >> BigInt(bit)) & 1n) << BigInt((bit - start) / 2);
  }
  return result;
}

/** The lowest bit first. */
function bitsOf(bits: number, value: bigint): bigint[] {
  return range(bits).map((i) => (value >> BigInt(i)) & 1n);
}

function reversed(bits: number, value: bigint): bigint {
  return bitsOf(bits, value).reduce((result, bit) => (result << 1n) | bit, 0n);
}

function parityOf(bits: number, value: bigint): bigint {
  return bitsOf(bits, value).reduce((result, bit) => result ^ bit, 0n);
}

/** round(x * 2^fractionBits), half away from zero, within +-2^(bits-2). */
function encoded(bits: number, fractionBits: number, x: number): bigint {
  const limit = 2 ** (bits - 2);
  const scaled = Math.round(Math.abs(x) * 2 ** fractionBits);
  return BigInt(Math.sign(x) * Math.min(scaled, limit));
}

/** The offset in x of every element of a strided copy, in the order of the result. */
function offsets(offset: number, shape: readonly number[], strides: readonly number[]): number[] {
  let result = [offset];
  for (const [axis, length] of shape.entries()) {
    const stride = at(strides, axis);
    result = result.flatMap((start) => range(length).map((i) => start + i * stride));
  }
  return result;
}

/** Loads the reference kernels; they are always there. */
export function loadReferenceKernels(): Kernels {
  return checked({
    backend: 'reference',
    instructionSet: 'bigint',

    binary(op, bits, x, y, out) {
      const b = read(bits, y);
      write(
        bits,
        read(bits, x).map((a, i) => operations[op](a, at(b, i))),
        out,
      );
    },
    binaryRow(op, bits, x, row, out) {
      const b = read(bits, row);
      write(
        bits,
        read(bits, x).map((a, i) => operations[op](a, at(b, i % b.length))),
        out,
      );
    },
    binaryColumn(op, bits, x, column, columns, out) {
      const b = read(bits, column);
      write(
        bits,
        read(bits, x).map((a, i) => operations[op](a, at(b, Math.floor(i / columns)))),
        out,
      );
    },
    binaryScalar(op, bits, x, scalar, out) {
      write(
        bits,
        read(bits, x).map((a) => operations[op](a, scalar)),
        out,
      );
    },
    negate(bits, x, out) {
      write(
        bits,
        read(bits, x).map((a) => -a),
        out,
      );
    },
    shift(kind, bits, x, by, out) {
      const n = BigInt(by);
      const moved = read(bits, x).map((a) => {
        if (kind === 'left') return a << n;
        return kind === 'logical' ? a >> n : BigInt.asIntN(bits, a) >> n;
      });
      write(bits, moved, out);
    },
    sum(bits, x, outer, axis, inner, out) {
      const values = read(bits, x);
      const sums = Array.from({ length: outer * inner }, () => 0n);
      for (const o of range(outer)) {
        for (const a of range(axis)) {
          for (const i of range(inner)) {
            sums[o * inner + i] = at(sums, o * inner + i) + at(values, (o * axis + a) * inner + i);
          }
        }
      }
      write(bits, sums, out);
    },

    matmul(bits, x, y, out, { batch, yBatch, m, k, n, accumulate }) {
      const a = read(bits, x);
      const b = read(bits, y);
      const result = accumulate ? read(bits, out) : Array.from({ length: batch * m * n }, () => 0n);
      for (const i of range(batch)) {
        const y0 = yBatch === 1 ? 0 : i * k * n;
        for (const r of range(m)) {
          for (const c of range(n)) {
            let total = at(result, (i * m + r) * n + c);
            for (let p = 0; p < k; p++) total += at(a, (i * m + r) * k + p) * at(b, y0 + p * n + c);
            result[(i * m + r) * n + c] = total;
          }
        }
      }
      write(bits, result, out);
    },
    transpose(bits, x, batch, rows, columns, out) {
      const values = read(bits, x);
      const order = offsets(0, [batch, columns, rows], [rows * columns, 1, columns]);
      write(
        bits,
        order.map((i) => at(values, i)),
        out,
      );
    },
    copyStrided(elementBytes, x, offset, shape, strides, out) {
      const values = read(8 * elementBytes, x);
      write(
        8 * elementBytes,
        offsets(offset, shape, strides).map((i) => at(values, i)),
        out,
      );
    },

    bitwise(op, x, y, out) {
      const b = read(8, y);
      write(
        8,
        read(8, x).map((a, i) => operations[op](a, at(b, i))),
        out,
      );
    },
    shiftLanes(kind, lane, x, by, out) {
      const n = BigInt(by);
      write(
        lane,
        read(lane, x).map((a) => (kind === 'left' ? a << n : a >> n)),
        out,
      );
    },
    maskLanes(lane, x, mask, out) {
      write(
        lane,
        read(lane, x).map((a) => a & mask),
        out,
      );
    },
    splitEvenOdd(lane, usedBits, x, even, odd) {
      const to = Math.max(8, usedBits / 2);
      const values = read(lane, x);
      write(
        to,
        values.map((a) => everySecondBit(a, 0, usedBits)),
        even,
      );
      write(
        to,
        values.map((a) => everySecondBit(a, 1, usedBits)),
        odd,
      );
    },
    reverseBits(bits, x, out) {
      write(
        bits,
        read(bits, x).map((a) => reversed(bits, a)),
        out,
      );
    },
    parity(bits, x, mask, out) {
      write(
        8,
        read(bits, x).map((a) => parityOf(bits, a & mask)),
        out,
      );
    },
    resizeLanes(from, to, x, out) {
      write(to, read(from, x), out);
    },
    chooseByBit(bits, bit, x, y, out) {
      const a = read(bits, x);
      const b = read(bits, y);
      write(
        bits,
        read(8, bit).map((one, i) => at((one & 1n) === 1n ? b : a, i)),
        out,
      );
    },

    replicatedMul(bits, x0, x1, y0, y1, mask, out) {
      const [b0, c0, c1, d] = [read(bits, x1), read(bits, y0), read(bits, y1), read(bits, mask)];
      const products = read(bits, x0).map(
        (a0, i) => a0 * at(c0, i) + a0 * at(c1, i) + at(b0, i) * at(c0, i) + at(d, i),
      );
      write(bits, products, out);
    },
    replicatedAnd(x0, x1, y0, y1, mask, out) {
      const [b0, c0, c1, d] = [read(8, x1), read(8, y0), read(8, y1), read(8, mask)];
      const products = read(8, x0).map(
        (a0, i) => (a0 & at(c0, i)) ^ (a0 & at(c1, i)) ^ (at(b0, i) & at(c0, i)) ^ at(d, i),
      );
      write(8, products, out);
    },

    beaverMul(bits, first, e, d, a, b, c, out) {
      const [d0, a0, b0, c0] = [read(bits, d), read(bits, a), read(bits, b), read(bits, c)];
      const products = read(bits, e).map((e0, i) => {
        const both = first ? e0 * at(d0, i) : 0n;
        return at(c0, i) + e0 * at(b0, i) + at(a0, i) * at(d0, i) + both;
      });
      write(bits, products, out);
    },
    beaverAnd(first, e, d, a, b, c, out) {
      const [d0, a0, b0, c0] = [read(8, d), read(8, a), read(8, b), read(8, c)];
      const products = read(8, e).map((e0, i) => {
        const both = first ? e0 & at(d0, i) : 0n;
        return at(c0, i) ^ (e0 & at(b0, i)) ^ (at(a0, i) & at(d0, i)) ^ both;
      });
      write(8, products, out);
    },
    divideSigned(bits, x, by, out) {
      // BigInt division rounds toward zero.
      const quotients = read(bits, x).map((word) => BigInt.asIntN(bits, word) / (1n << BigInt(by)));
      write(bits, quotients, out);
    },
    maskedTruncation(bits, first, by, opened, top, low, out) {
      const [top0, low0] = [read(bits, top), read(bits, low)];
      const k = BigInt(bits);
      const cut = BigInt(by);
      const halves = read(bits, opened).map((c, i) => {
        const openedTop = c >> (k - 1n);
        const rest = BigInt.asUintN(bits - 1, c) >> cut;
        const borrow = at(top0, i) - 2n * openedTop * at(top0, i) + (first ? openedTop : 0n);
        const known = first ? rest - (1n << (k - 2n - cut)) : 0n;
        return (borrow << (k - 1n - cut)) - at(low0, i) + known;
      });
      write(bits, halves, out);
    },

    ...comparisonReference,

    aesCtr: portableAesCtr,
    encode(bits, fractionBits, x, out) {
      if (x.some(Number.isNaN)) throw notANumber(x);
      write(
        bits,
        Array.from(x, (value) => encoded(bits, fractionBits, value)),
        out,
      );
    },
    decode(bits, fractionBits, x, out) {
      for (const [i, word] of read(bits, x).entries()) {
        out[i] = Number(BigInt.asIntN(bits, word)) / 2 ** fractionBits;
      }
    },
  });
}

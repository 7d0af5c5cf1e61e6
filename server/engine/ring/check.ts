/**
 * Argument checks of the ring kernels, shared by all backends: `checked(raw)` wraps an unchecked
 * backend, so that a mistake reads the same everywhere and C++ never sees a wrong length.
 *
 * Every failure is an `EngineError('shape')` naming kernel, argument, what was expected and what
 * came. Rules on memory: words and lanes are aligned to their own size; an output may be the same
 * memory as an element-wise input of the same width, never a partial overlap.
 */
import { EngineError } from '../errors.ts';
import type { Bytes, Kernels } from './kernels.ts';

type View = Uint8Array | Float64Array;
/** Argument name -> value: names go into the message. */
type Named = Readonly<Record<string, View>>;

function fail(kernel: string, argument: string, expected: string, got: string | number): never {
  throw new EngineError('shape', `${kernel}: ${argument}: expected ${expected}, got ${got}`);
}

function oneOf(
  kernel: string,
  argument: string,
  value: unknown,
  allowed: readonly unknown[],
): void {
  if (!allowed.includes(value)) fail(kernel, argument, allowed.join(' | '), String(value));
}

function size(
  kernel: string,
  argument: string,
  value: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? '>= 0' : `0..${most}`;
    fail(kernel, argument, `an integer ${range}`, String(value));
  }
}

/** Elements of `width` bytes in a view that is attached, aligned and whole. */
function count(kernel: string, argument: string, x: View, width: number): number {
  if (!ArrayBuffer.isView(x)) fail(kernel, argument, 'a typed array', typeof x);
  if (x.byteLength === 0 && x.buffer instanceof ArrayBuffer && x.buffer.detached) {
    fail(kernel, argument, 'an attached buffer', 'a detached one');
  }
  if (x.byteOffset % width !== 0) {
    fail(kernel, argument, `a byte offset divisible by ${width}`, x.byteOffset);
  }
  if (x.byteLength % width !== 0) {
    fail(kernel, argument, `a byte length divisible by ${width}`, x.byteLength);
  }
  return x.byteLength / width;
}

/** Checks that every view holds exactly `expected` elements of `width` bytes. */
function sized(kernel: string, views: Named, width: number, expected: number, what: string): void {
  for (const [argument, x] of Object.entries(views)) {
    const got = count(kernel, argument, x, width);
    if (got !== expected) fail(kernel, argument, `${expected} ${what}`, got);
  }
}

function overlap(a: View, b: View): boolean {
  return (
    a.buffer === b.buffer &&
    a.byteLength > 0 &&
    b.byteLength > 0 &&
    a.byteOffset < b.byteOffset + b.byteLength &&
    b.byteOffset < a.byteOffset + a.byteLength
  );
}

/** Outputs must not touch these inputs at all. */
function apart(kernel: string, outputs: Named, inputs: Named): void {
  for (const [to, out] of Object.entries(outputs)) {
    for (const [from, x] of Object.entries(inputs)) {
      if (overlap(out, x)) fail(kernel, to, `memory apart from ${from}`, 'an overlap');
    }
  }
}

/** The output may be one of these inputs, but not overlap one in part. */
function sameOrApart(kernel: string, out: View, inputs: Named): void {
  for (const [from, x] of Object.entries(inputs)) {
    if (overlap(out, x) && (out.byteOffset !== x.byteOffset || out.byteLength !== x.byteLength)) {
      fail(kernel, 'out', `the memory of ${from} or memory apart from it`, 'a partial overlap');
    }
  }
}

const rings = [32, 64];
const lanes = [8, 16, 32, 64];
const binaryOps = ['add', 'sub', 'mul'];
const maxRank = 16;

/** Element-wise: all views of one width and one length; the output may be an input. */
function elementwise(
  kernel: string,
  bits: number,
  inputs: Named,
  out: Bytes,
  allowed = rings,
): void {
  oneOf(kernel, allowed === lanes ? 'lane' : 'bits', bits, allowed);
  const n = count(kernel, 'out', out, bits / 8);
  sized(kernel, inputs, bits / 8, n, allowed === lanes ? 'lanes' : 'words');
  sameOrApart(kernel, out, inputs);
}

/** Rows and columns of x for a row or column operand. */
function table(kernel: string, bits: number, x: Bytes, columns: number, out: Bytes): number {
  elementwise(kernel, bits, { x }, out);
  const n = (x.byteLength * 8) / bits;
  if (columns === 0 ? n !== 0 : n % columns !== 0) fail(kernel, 'x', `rows of ${columns} words`, n);
  return columns === 0 ? 0 : n / columns;
}

/** First and last element that a strided copy reads, relative to x; or null if it reads none. */
function reach(offset: number, shape: readonly number[], strides: readonly number[]) {
  let first = offset;
  let last = offset;
  for (const [i, length] of shape.entries()) {
    if (length === 0) return null;
    const step = (length - 1) * (strides[i] ?? 0);
    if (step < 0) first += step;
    else last += step;
  }
  return { first, last };
}

/**
 * Wraps a backend whose methods trust their arguments.
 * @throws EngineError of kind `shape` from every method of the result, before any memory is touched.
 */
export function checked(raw: Kernels): Kernels {
  return {
    backend: raw.backend,
    instructionSet: raw.instructionSet,

    binary(op, bits, x, y, out) {
      oneOf('binary', 'op', op, binaryOps);
      elementwise('binary', bits, { x, y }, out);
      raw.binary(op, bits, x, y, out);
    },
    binaryRow(op, bits, x, row, out) {
      oneOf('binaryRow', 'op', op, binaryOps);
      oneOf('binaryRow', 'bits', bits, rings);
      table('binaryRow', bits, x, count('binaryRow', 'row', row, bits / 8), out);
      apart('binaryRow', { out }, { row });
      raw.binaryRow(op, bits, x, row, out);
    },
    binaryColumn(op, bits, x, column, columns, out) {
      oneOf('binaryColumn', 'op', op, binaryOps);
      size('binaryColumn', 'columns', columns);
      const rows = table('binaryColumn', bits, x, columns, out);
      const got = count('binaryColumn', 'column', column, bits / 8);
      // With no columns there is nothing to tell the number of rows by.
      if (columns > 0 && got !== rows) fail('binaryColumn', 'column', `${rows} words`, got);
      apart('binaryColumn', { out }, { column });
      raw.binaryColumn(op, bits, x, column, columns, out);
    },
    binaryScalar(op, bits, x, scalar, out) {
      oneOf('binaryScalar', 'op', op, binaryOps);
      if (typeof scalar !== 'bigint') fail('binaryScalar', 'scalar', 'a bigint', typeof scalar);
      elementwise('binaryScalar', bits, { x }, out);
      raw.binaryScalar(op, bits, x, scalar, out);
    },
    negate(bits, x, out) {
      elementwise('negate', bits, { x }, out);
      raw.negate(bits, x, out);
    },
    shift(kind, bits, x, by, out) {
      oneOf('shift', 'kind', kind, ['left', 'logical', 'arithmetic']);
      elementwise('shift', bits, { x }, out);
      size('shift', 'by', by, bits - 1);
      raw.shift(kind, bits, x, by, out);
    },
    sum(bits, x, outer, axis, inner, out) {
      oneOf('sum', 'bits', bits, rings);
      for (const [name, value] of Object.entries({ outer, axis, inner })) size('sum', name, value);
      sized('sum', { x }, bits / 8, outer * axis * inner, 'words');
      sized('sum', { out }, bits / 8, outer * inner, 'words');
      apart('sum', { out }, { x });
      raw.sum(bits, x, outer, axis, inner, out);
    },
    matmul(bits, x, y, out, shape) {
      const { batch, yBatch, m, k, n } = shape;
      oneOf('matmul', 'bits', bits, rings);
      for (const [name, value] of Object.entries({ batch, yBatch, m, k, n })) {
        size('matmul', `shape.${name}`, value);
      }
      if (yBatch !== 1 && yBatch !== batch) fail('matmul', 'shape.yBatch', `1 or ${batch}`, yBatch);
      sized('matmul', { x }, bits / 8, batch * m * k, 'words');
      sized('matmul', { y }, bits / 8, yBatch * k * n, 'words');
      sized('matmul', { out }, bits / 8, batch * m * n, 'words');
      apart('matmul', { out }, { x, y });
      raw.matmul(bits, x, y, out, shape);
    },
    transpose(bits, x, batch, rows, columns, out) {
      oneOf('transpose', 'bits', bits, rings);
      for (const [name, value] of Object.entries({ batch, rows, columns })) {
        size('transpose', name, value);
      }
      sized('transpose', { x, out }, bits / 8, batch * rows * columns, 'words');
      apart('transpose', { out }, { x });
      raw.transpose(bits, x, batch, rows, columns, out);
    },
    copyStrided(elementBytes, x, offset, shape, strides, out) {
      oneOf('copyStrided', 'elementBytes', elementBytes, [1, 2, 4, 8]);
      if (shape.length > maxRank) fail('copyStrided', 'shape', `rank <= ${maxRank}`, shape.length);
      if (strides.length !== shape.length) {
        fail('copyStrided', 'strides', `${shape.length} strides`, strides.length);
      }
      size('copyStrided', 'offset', offset);
      let total = 1;
      for (const [i, length] of shape.entries()) {
        size('copyStrided', `shape[${i}]`, length);
        total *= length;
      }
      for (const [i, stride] of strides.entries()) {
        if (!Number.isSafeInteger(stride))
          fail('copyStrided', `strides[${i}]`, 'an integer', stride);
      }
      const n = count('copyStrided', 'x', x, elementBytes);
      sized('copyStrided', { out }, elementBytes, total, 'elements');
      const reads = reach(offset, shape, strides);
      if (reads && (reads.first < 0 || reads.last >= n)) {
        fail('copyStrided', 'x', `elements ${reads.first}..${reads.last}`, `${n} elements`);
      }
      apart('copyStrided', { out }, { x });
      raw.copyStrided(elementBytes, x, offset, shape, strides, out);
    },

    bitwise(op, x, y, out) {
      oneOf('bitwise', 'op', op, ['and', 'xor', 'or']);
      sized('bitwise', { x, y }, 1, count('bitwise', 'out', out, 1), 'bytes');
      sameOrApart('bitwise', out, { x, y });
      raw.bitwise(op, x, y, out);
    },
    shiftLanes(kind, lane, x, by, out) {
      oneOf('shiftLanes', 'kind', kind, ['left', 'right']);
      elementwise('shiftLanes', lane, { x }, out, lanes);
      size('shiftLanes', 'by', by, lane - 1);
      raw.shiftLanes(kind, lane, x, by, out);
    },
    maskLanes(lane, x, mask, out) {
      elementwise('maskLanes', lane, { x }, out, lanes);
      if (typeof mask !== 'bigint') fail('maskLanes', 'mask', 'a bigint', typeof mask);
      raw.maskLanes(lane, x, mask, out);
    },
    splitEvenOdd(lane, usedBits, x, even, odd) {
      oneOf('splitEvenOdd', 'lane', lane, lanes);
      size('splitEvenOdd', 'usedBits', usedBits, lane);
      if (usedBits === 0 || (usedBits > 16 && usedBits !== 32 && usedBits !== 64)) {
        fail('splitEvenOdd', 'usedBits', '1..16, 32 or 64', usedBits);
      }
      const n = count('splitEvenOdd', 'x', x, lane / 8);
      sized('splitEvenOdd', { even, odd }, Math.max(1, usedBits >> 4), n, 'lanes');
      apart('splitEvenOdd', { even, odd }, { x });
      apart('splitEvenOdd', { odd }, { even });
      raw.splitEvenOdd(lane, usedBits, x, even, odd);
    },
    reverseBits(bits, x, out) {
      elementwise('reverseBits', bits, { x }, out);
      raw.reverseBits(bits, x, out);
    },
    parity(bits, x, mask, out) {
      oneOf('parity', 'bits', bits, rings);
      if (typeof mask !== 'bigint') fail('parity', 'mask', 'a bigint', typeof mask);
      sized('parity', { out }, 1, count('parity', 'x', x, bits / 8), 'lanes');
      apart('parity', { out }, { x });
      raw.parity(bits, x, mask, out);
    },
    resizeLanes(from, to, x, out) {
      oneOf('resizeLanes', 'from', from, lanes);
      oneOf('resizeLanes', 'to', to, lanes);
      sized('resizeLanes', { out }, to / 8, count('resizeLanes', 'x', x, from / 8), 'lanes');
      apart('resizeLanes', { out }, { x });
      raw.resizeLanes(from, to, x, out);
    },
    chooseByBit(bits, bit, x, y, out) {
      elementwise('chooseByBit', bits, { x, y }, out);
      sized('chooseByBit', { bit }, 1, (out.byteLength * 8) / bits, 'lanes');
      apart('chooseByBit', { out }, { bit });
      raw.chooseByBit(bits, bit, x, y, out);
    },

    replicatedMul(bits, x0, x1, y0, y1, mask, out) {
      elementwise('replicatedMul', bits, { x0, x1, y0, y1, mask }, out);
      raw.replicatedMul(bits, x0, x1, y0, y1, mask, out);
    },
    replicatedAnd(x0, x1, y0, y1, mask, out) {
      const n = count('replicatedAnd', 'out', out, 1);
      sized('replicatedAnd', { x0, x1, y0, y1, mask }, 1, n, 'bytes');
      sameOrApart('replicatedAnd', out, { x0, x1, y0, y1, mask });
      raw.replicatedAnd(x0, x1, y0, y1, mask, out);
    },
    beaverMul(bits, first, e, d, a, b, c, out) {
      elementwise('beaverMul', bits, { e, d, a, b, c }, out);
      raw.beaverMul(bits, first, e, d, a, b, c, out);
    },
    beaverAnd(first, e, d, a, b, c, out) {
      const n = count('beaverAnd', 'out', out, 1);
      sized('beaverAnd', { e, d, a, b, c }, 1, n, 'bytes');
      sameOrApart('beaverAnd', out, { e, d, a, b, c });
      raw.beaverAnd(first, e, d, a, b, c, out);
    },
    divideSigned(bits, x, by, out) {
      elementwise('divideSigned', bits, { x }, out);
      size('divideSigned', 'by', by, bits - 1);
      raw.divideSigned(bits, x, by, out);
    },
    maskedTruncation(bits, first, by, opened, top, low, out) {
      elementwise('maskedTruncation', bits, { opened, top, low }, out);
      size('maskedTruncation', 'by', by, bits - 3);
      raw.maskedTruncation(bits, first, by, opened, top, low, out);
    },
    subsetProducts(bits, r, out) {
      oneOf('subsetProducts', 'bits', bits, rings);
      const n = count('subsetProducts', 'r', r, bits / 8);
      sized('subsetProducts', { out }, 2, 15 * n, 'lanes');
      apart('subsetProducts', { out }, { r });
      raw.subsetProducts(bits, r, out);
    },
    compareLeaves(bits, first, whole, c, products, less, equal, top) {
      oneOf('compareLeaves', 'bits', bits, rings);
      const n = count('compareLeaves', 'c', c, bits / 8);
      sized('compareLeaves', { products }, 2, 15 * n, 'lanes');
      sized('compareLeaves', { less, equal }, 2, n, 'lanes');
      sized('compareLeaves', { top }, 1, n, 'lanes');
      apart('compareLeaves', { less, equal, top }, { c, products });
      raw.compareLeaves(bits, first, whole, c, products, less, equal, top);
    },
    gateOpen(width, less, equal, mask, out) {
      const n = gateElements('gateOpen', width, less);
      sized('gateOpen', { equal }, width === 4 ? 2 : 1, n, 'lanes');
      sized('gateOpen', { mask, out }, 1, n * width, 'bytes');
      apart('gateOpen', { out }, { less, equal });
      raw.gateOpen(width, less, equal, mask, out);
    },
    gateProducts(width, mask, out) {
      oneOf('gateProducts', 'width', width, [4, 1]);
      const n = count('gateProducts', 'mask', mask, 1) / width;
      sized('gateProducts', { out }, 1, n * (width === 4 ? 11 : 3), 'bytes');
      apart('gateProducts', { out }, { mask });
      raw.gateProducts(width, mask, out);
    },
    gateCombine(width, first, opened, mask, products, less, lessOut, equalOut) {
      const n = gateElements('gateCombine', width, less);
      sized('gateCombine', { opened, mask }, 1, n * width, 'bytes');
      sized('gateCombine', { products }, 1, n * (width === 4 ? 11 : 3), 'bytes');
      sized('gateCombine', { lessOut, equalOut }, 1, n, 'lanes');
      apart('gateCombine', { lessOut, equalOut }, { opened, mask, products, less });
      raw.gateCombine(width, first, opened, mask, products, less, lessOut, equalOut);
    },
    aesCtr(key, counter, out) {
      sized('aesCtr', { key, counter }, 1, 16, 'bytes');
      count('aesCtr', 'out', out, 1);
      apart('aesCtr', { out }, { key, counter });
      raw.aesCtr(key, counter, out);
    },
    encode(bits, fractionBits, x, out) {
      oneOf('encode', 'bits', bits, rings);
      size('encode', 'fractionBits', fractionBits, bits - 2);
      sized('encode', { out }, bits / 8, count('encode', 'x', x, 8), 'words');
      apart('encode', { out }, { x });
      raw.encode(bits, fractionBits, x, out);
    },
    decode(bits, fractionBits, x, out) {
      oneOf('decode', 'bits', bits, rings);
      size('decode', 'fractionBits', fractionBits, bits - 2);
      sized('decode', { x }, bits / 8, count('decode', 'out', out, 8), 'words');
      apart('decode', { out }, { x });
      raw.decode(bits, fractionBits, x, out);
    },
  };
}

/** Elements of a gate's lanes: 16 bits before the first level, 8 before the second. */
function gateElements(kernel: string, width: number, less: Bytes): number {
  oneOf(kernel, 'width', width, [4, 1]);
  return count(kernel, 'less', less, width === 4 ? 2 : 1);
}

/** The error of `encode` for an x with a NaN in it; backends without an index call it afterwards. */
export function notANumber(x: Float64Array): EngineError {
  return new EngineError('range', `encode: x[${x.findIndex(Number.isNaN)}] is not a number`);
}

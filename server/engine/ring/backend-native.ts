/**
 * The native backend: the C++ kernels in build/addon.node (see build-addon.mjs and native/).
 *
 * The addon chooses the widest instruction set that the CPU has; `PARLEY_ISA=avx512|avx2|baseline`
 * forces one, so that tests can compare them all.
 */
import { join } from 'node:path';
import { EngineError } from '../errors.ts';
import { checked, notANumber } from './check.ts';
import type { Bytes, Kernels } from './kernels.ts';
import { binaryCode, bitCode, shiftCode } from './operation-codes.ts';
import { portableAesCtr } from './portable-aes.ts';

/** Functions of one instruction set; operations are integers, see native/kernels.h. */
interface NativeKernels {
  binary(op: number, bits: number, x: Bytes, y: Bytes, out: Bytes): void;
  binaryRow(
    op: number,
    bits: number,
    rows: number,
    columns: number,
    x: Bytes,
    row: Bytes,
    out: Bytes,
  ): void;
  binaryColumn(
    op: number,
    bits: number,
    rows: number,
    columns: number,
    x: Bytes,
    column: Bytes,
    out: Bytes,
  ): void;
  binaryScalar(op: number, bits: number, x: Bytes, scalar: bigint, out: Bytes): void;
  negate(bits: number, x: Bytes, out: Bytes): void;
  shift(kind: number, bits: number, x: Bytes, by: number, out: Bytes): void;
  sum(bits: number, outer: number, axis: number, inner: number, x: Bytes, out: Bytes): void;
  matmul(
    bits: number,
    batch: number,
    yBatch: number,
    m: number,
    k: number,
    n: number,
    accumulate: number,
    x: Bytes,
    y: Bytes,
    out: Bytes,
  ): void;
  transpose(bits: number, batch: number, rows: number, columns: number, x: Bytes, out: Bytes): void;
  copyStrided(elementBytes: number, x: Bytes, offset: number, axes: Float64Array, out: Bytes): void;
  bitwise(op: number, x: Bytes, y: Bytes, out: Bytes): void;
  shiftLanes(right: number, lane: number, x: Bytes, by: number, out: Bytes): void;
  maskLanes(lane: number, x: Bytes, mask: bigint, out: Bytes): void;
  splitEvenOdd(lane: number, usedBits: number, x: Bytes, even: Bytes, odd: Bytes): void;
  reverseBits(bits: number, x: Bytes, out: Bytes): void;
  parity(bits: number, x: Bytes, mask: bigint, out: Bytes): void;
  resizeLanes(from: number, to: number, x: Bytes, out: Bytes): void;
  chooseByBit(bits: number, bit: Bytes, x: Bytes, y: Bytes, out: Bytes): void;
  replicatedMul(
    bits: number,
    x0: Bytes,
    x1: Bytes,
    y0: Bytes,
    y1: Bytes,
    mask: Bytes,
    out: Bytes,
  ): void;
  replicatedAnd(x0: Bytes, x1: Bytes, y0: Bytes, y1: Bytes, mask: Bytes, out: Bytes): void;
  beaverMul(
    bits: number,
    first: number,
    e: Bytes,
    d: Bytes,
    a: Bytes,
    b: Bytes,
    c: Bytes,
    out: Bytes,
  ): void;
  beaverAnd(first: number, e: Bytes, d: Bytes, a: Bytes, b: Bytes, c: Bytes, out: Bytes): void;
  divideSigned(bits: number, x: Bytes, by: number, out: Bytes): void;
  maskedTruncation(
    bits: number,
    first: number,
    by: number,
    opened: Bytes,
    top: Bytes,
    low: Bytes,
    out: Bytes,
  ): void;
  subsetProducts(bits: number, r: Bytes, out: Bytes): void;
  compareLeaves(
    bits: number,
    first: number,
    whole: number,
    c: Bytes,
    products: Bytes,
    less: Bytes,
    equal: Bytes,
    top: Bytes,
  ): void;
  gateOpen(width: number, less: Bytes, equal: Bytes, mask: Bytes, out: Bytes): void;
  gateProducts(width: number, mask: Bytes, out: Bytes): void;
  gateCombine(
    width: number,
    first: number,
    opened: Bytes,
    mask: Bytes,
    products: Bytes,
    less: Bytes,
    lessOut: Bytes,
    equalOut: Bytes,
  ): void;
  /** Missing where the CPU has no AES instructions. */
  readonly aesCtr?: (key: Bytes, counter: Bytes, out: Bytes) => void;
  /** Returns 1 if some x is NaN. */
  encode(bits: number, fractionBits: number, x: Float64Array, out: Bytes): number;
  decode(bits: number, fractionBits: number, x: Bytes, out: Float64Array): void;
}

interface Addon {
  /** Kernels of an instruction set (0 baseline, 1 AVX2, 2 AVX-512); undefined if the CPU lacks it. */
  open(isa: number): NativeKernels | undefined;
}

// A bundler leaves this file's own folder undefined; the server runs in the repository.
const here =
  (import.meta.dirname as string | undefined) ?? join(process.cwd(), 'server/engine/ring');
const addonPath = join(here, 'build', 'addon.node');

/** Narrowest first: the position is the addon's number. */
export const nativeInstructionSets = ['baseline', 'avx2', 'avx512'] as const;
export type NativeInstructionSet = (typeof nativeInstructionSets)[number];

function readAddon(): Addon {
  const loaded: { exports: Addon } = { exports: { open: () => undefined } };
  try {
    // dlopen and not require, which bundlers would try to follow; it replaces `open`.
    process.dlopen(loaded, addonPath);
  } catch (cause) {
    const fix = 'build it with `npm run build:addon`';
    throw new EngineError('backend', `native kernels: cannot load ${addonPath}; ${fix}`, { cause });
  }
  return loaded.exports;
}

function open(addon: Addon, forced: string | undefined): [NativeInstructionSet, NativeKernels] {
  for (const name of nativeInstructionSets.toReversed()) {
    if (forced && forced !== name) continue;
    const kernels = addon.open(nativeInstructionSets.indexOf(name));
    if (kernels) return [name, kernels];
  }
  const known = nativeInstructionSets.join(' | ');
  throw new EngineError(
    'backend',
    `native kernels: PARLEY_ISA=${forced}: expected ${known}, and one that this CPU has; unset it`,
  );
}

/**
 * Loads the native kernels.
 * @param isa forces an instruction set; by default `PARLEY_ISA`, else the widest one.
 * @throws EngineError of kind `backend` if the addon is not built or the CPU lacks `isa`.
 */
export function loadNativeKernels(isa: string | undefined = process.env['PARLEY_ISA']): Kernels {
  const [instructionSet, native] = open(readAddon(), isa);
  return checked({
    backend: 'native',
    instructionSet,

    binary: (op, bits, x, y, out) => native.binary(binaryCode[op], bits, x, y, out),
    binaryRow(op, bits, x, row, out) {
      if (x.length === 0) return;
      const columns = (row.length * 8) / bits;
      native.binaryRow(binaryCode[op], bits, x.length / row.length, columns, x, row, out);
    },
    binaryColumn(op, bits, x, column, columns, out) {
      if (x.length === 0) return;
      const rows = (column.length * 8) / bits;
      native.binaryColumn(binaryCode[op], bits, rows, columns, x, column, out);
    },
    binaryScalar: (op, bits, x, scalar, out) =>
      native.binaryScalar(binaryCode[op], bits, x, BigInt.asUintN(64, scalar), out),
    negate: (bits, x, out) => native.negate(bits, x, out),
    shift: (kind, bits, x, by, out) => native.shift(shiftCode[kind], bits, x, by, out),
    sum: (bits, x, outer, axis, inner, out) => native.sum(bits, outer, axis, inner, x, out),

    matmul: (bits, x, y, out, { batch, yBatch, m, k, n, accumulate }) =>
      native.matmul(bits, batch, yBatch, m, k, n, accumulate ? 1 : 0, x, y, out),
    transpose: (bits, x, batch, rows, columns, out) =>
      native.transpose(bits, batch, rows, columns, x, out),
    copyStrided: (elementBytes, x, offset, shape, strides, out) =>
      native.copyStrided(elementBytes, x, offset, Float64Array.of(...shape, ...strides), out),

    bitwise: (op, x, y, out) => native.bitwise(bitCode[op], x, y, out),
    shiftLanes: (kind, lane, x, by, out) =>
      native.shiftLanes(kind === 'right' ? 1 : 0, lane, x, by, out),
    maskLanes: (lane, x, mask, out) => native.maskLanes(lane, x, BigInt.asUintN(64, mask), out),
    splitEvenOdd: (lane, usedBits, x, even, odd) =>
      native.splitEvenOdd(lane, usedBits, x, even, odd),
    reverseBits: (bits, x, out) => native.reverseBits(bits, x, out),
    parity: (bits, x, mask, out) => native.parity(bits, x, BigInt.asUintN(64, mask), out),
    resizeLanes: (from, to, x, out) => native.resizeLanes(from, to, x, out),
    chooseByBit: (bits, bit, x, y, out) => native.chooseByBit(bits, bit, x, y, out),

    replicatedMul: (bits, x0, x1, y0, y1, mask, out) =>
      native.replicatedMul(bits, x0, x1, y0, y1, mask, out),
    replicatedAnd: (x0, x1, y0, y1, mask, out) => native.replicatedAnd(x0, x1, y0, y1, mask, out),

    beaverMul: (bits, first, e, d, a, b, c, out) =>
      native.beaverMul(bits, first ? 1 : 0, e, d, a, b, c, out),
    beaverAnd: (first, e, d, a, b, c, out) => native.beaverAnd(first ? 1 : 0, e, d, a, b, c, out),
    divideSigned: (bits, x, by, out) => native.divideSigned(bits, x, by, out),
    maskedTruncation: (bits, first, by, opened, top, low, out) =>
      native.maskedTruncation(bits, first ? 1 : 0, by, opened, top, low, out),

    subsetProducts: (bits, r, out) => native.subsetProducts(bits, r, out),
    compareLeaves: (bits, first, whole, ...operands) =>
      native.compareLeaves(bits, first ? 1 : 0, whole ? 1 : 0, ...operands),
    gateOpen: (width, ...operands) => native.gateOpen(width, ...operands),
    gateProducts: (width, mask, out) => native.gateProducts(width, mask, out),
    gateCombine: (width, first, ...operands) =>
      native.gateCombine(width, first ? 1 : 0, ...operands),

    aesCtr: native.aesCtr ?? portableAesCtr,
    encode(bits, fractionBits, x, out) {
      if (native.encode(bits, fractionBits, x, out) !== 0) throw notANumber(x);
    },
    decode: (bits, fractionBits, x, out) => native.decode(bits, fractionBits, x, out),
  });
}

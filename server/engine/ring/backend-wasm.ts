/**
 * The portable backend: kernels.wasm, the C++ kernels of native/ compiled for 128-bit SIMD (see
 * build-wasm.mjs). Used where no C++ compiler was at hand; same results, a sixth of the speed of
 * AVX-512 in matrix products and about the same in memory-bound steps.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../errors.ts';
import { checked, notANumber } from './check.ts';
import type { Bytes, Kernels } from './kernels.ts';
import { binaryCode, bitCode, shiftCode } from './operation-codes.ts';
import { portableAesCtr } from './portable-aes.ts';
import { stridedCopy } from './strided-copy.ts';
import { tiledMatmul } from './wasm-matmul.ts';
import {
  inPlanes,
  inTiles,
  plane,
  planes,
  tileBytes,
  WasmMemory,
  type Stream,
} from './wasm-memory.ts';

/** The order of `KernelTable` in native/kernels.h. */
const tableOrder = [
  'binary',
  'binaryRow',
  'binaryColumn',
  'binaryScalar',
  'negate',
  'shift',
  'sum',
  'matmulScratch',
  'matmul',
  'transpose',
  'copyStrided',
  'bitwise',
  'shiftLanes',
  'maskLanes',
  'splitEvenOdd',
  'reverseBits',
  'parity',
  'resizeLanes',
  'chooseByBit',
  'replicatedMul',
  'replicatedAnd',
  'beaverMul',
  'beaverAnd',
  'divideSigned',
  'maskedTruncation',
  'subsetProducts',
  'compareLeaves',
  'gateOpen',
  'gateProducts',
  'gateCombine',
  'encode',
  'decode',
] as const;

/** Kernels over addresses and counts; bigints only where C++ takes 64 bits. */
type WasmKernels = Record<(typeof tableOrder)[number], (...args: (number | bigint)[]) => number>;

// A bundler leaves this file's own folder undefined; the server runs in the repository.
const here =
  (import.meta.dirname as string | undefined) ?? join(process.cwd(), 'server/engine/ring');
const modulePath = join(here, 'kernels.wasm');

function readModule(): [WasmKernels, WasmMemory] {
  try {
    // Synchronous, so that loading any backend is.
    const compiled = new WebAssembly.Module(readFileSync(modulePath));
    const { memory, kernel_table, __indirect_function_table, __heap_base } =
      new WebAssembly.Instance(compiled).exports;
    if (
      !(memory instanceof WebAssembly.Memory) ||
      !(__indirect_function_table instanceof WebAssembly.Table) ||
      !(__heap_base instanceof WebAssembly.Global) ||
      typeof kernel_table !== 'function'
    ) {
      throw new TypeError('unexpected exports');
    }
    const table = new Uint32Array(memory.buffer, Number(kernel_table()), tableOrder.length);
    const kernels = Object.fromEntries(
      tableOrder.map((name, i) => [name, __indirect_function_table.get(table[i] ?? 0)]),
    );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are those of the table
    return [kernels as WasmKernels, new WasmMemory(memory, Number(__heap_base.value))];
  } catch (cause) {
    const fix = 'get it from git, or build it with `npm run build:wasm`';
    throw new EngineError('backend', `wasm kernels: cannot load ${modulePath}; ${fix}`, { cause });
  }
}

function stream(bytes: Bytes, bits: number): Stream {
  return { bytes, width: bits / 8 };
}

/**
 * Loads the WebAssembly kernels with a scratch memory of their own.
 * @throws EngineError of kind `backend` if kernels.wasm is missing or does not load.
 */
export function loadWasmKernels(): Kernels {
  const [wasm, memory] = readModule();

  /** All operands of one width. */
  function elementwise(
    bits: number,
    inputs: readonly Bytes[],
    out: Bytes,
    call: (n: number, addresses: readonly number[]) => void,
  ): void {
    const streams = inputs.map((x) => stream(x, bits));
    inTiles(memory, (out.length * 8) / bits, streams, [stream(out, bits)], call);
  }

  return checked({
    backend: 'wasm',
    instructionSet: 'wasm-simd',

    binary: (op, bits, x, y, out) =>
      elementwise(bits, [x, y], out, (n, at) => wasm.binary(binaryCode[op], bits, n, ...at)),
    binaryRow(op, bits, x, row, out) {
      if (x.length === 0) return;
      const columns = (row.length * 8) / bits;
      const rows = { width: row.length };
      const io = [[{ bytes: x, ...rows }], [{ bytes: out, ...rows }]] as const;
      inTiles(memory, x.length / row.length, ...io, (n, [from = 0, to = 0]) =>
        wasm.binaryRow(binaryCode[op], bits, n, columns, from, memory.put(row), to),
      );
    },
    binaryColumn(op, bits, x, column, columns, out) {
      if (x.length === 0) return;
      const rows = { width: (columns * bits) / 8 };
      const inputs = [{ bytes: x, ...rows }, stream(column, bits)];
      inTiles(memory, (column.length * 8) / bits, inputs, [{ bytes: out, ...rows }], (n, at) =>
        wasm.binaryColumn(binaryCode[op], bits, n, columns, ...at),
      );
    },
    binaryScalar: (op, bits, x, scalar, out) =>
      elementwise(bits, [x], out, (n, [from = 0, to = 0]) =>
        wasm.binaryScalar(binaryCode[op], bits, n, from, BigInt.asUintN(64, scalar), to),
      ),
    negate: (bits, x, out) => elementwise(bits, [x], out, (n, at) => wasm.negate(bits, n, ...at)),
    shift: (kind, bits, x, by, out) =>
      elementwise(bits, [x], out, (n, [from = 0, to = 0]) =>
        wasm.shift(shiftCode[kind], bits, n, from, by, to),
      ),
    sum(bits, x, outer, axis, inner, out) {
      if (out.length === 0) return;
      const width = (inner * bits) / 8;
      // Whole outer slices if they are small, else a slice of the axis at a time.
      const step = Math.max(1, Math.floor(tileBytes / width));
      if (axis <= step) {
        const inputs = [{ bytes: x, width: axis * width }];
        inTiles(memory, outer, inputs, [{ bytes: out, width }], (n, [from = 0, to = 0]) =>
          wasm.sum(bits, n, axis, inner, 0, from, to),
        );
        return;
      }
      for (let o = 0; o < outer; o++) {
        const slice = out.subarray(o * width, (o + 1) * width);
        memory.clear();
        const to = memory.take(width);
        const from = memory.take(step * width);
        for (let a = 0; a < axis; a += step) {
          const n = Math.min(step, axis - a);
          const start = (o * axis + a) * width;
          memory.write(from, x.subarray(start, start + n * width));
          wasm.sum(bits, 1, n, inner, a === 0 ? 0 : 1, from, to);
        }
        memory.get(to, slice);
      }
    },

    matmul: (bits, x, y, out, shape) =>
      tiledMatmul(memory, bits, x, y, out, shape, (batch, m, k, n, accumulate, at) => {
        const scratch = memory.take(wasm.matmulScratch(bits, batch, batch, m, k, n));
        const sizes = [batch, batch, m, k, n, accumulate ? 1 : 0];
        wasm.matmul(bits, ...sizes, at.x, at.y, at.out, scratch);
      }),
    transpose: (bits, x, batch, rows, columns, out) =>
      stridedCopy(bits / 8, x, 0, [batch, columns, rows], [rows * columns, 1, columns], out),
    copyStrided: stridedCopy,

    bitwise: (op, x, y, out) =>
      elementwise(8, [x, y], out, (n, at) => wasm.bitwise(bitCode[op], n, ...at)),
    shiftLanes: (kind, lane, x, by, out) =>
      elementwise(lane, [x], out, (n, [from = 0, to = 0]) =>
        wasm.shiftLanes(kind === 'right' ? 1 : 0, lane, n, from, by, to),
      ),
    maskLanes: (lane, x, mask, out) =>
      elementwise(lane, [x], out, (n, [from = 0, to = 0]) =>
        wasm.maskLanes(lane, n, from, BigInt.asUintN(64, mask), to),
      ),
    splitEvenOdd(lane, usedBits, x, even, odd) {
      const to = Math.max(8, usedBits / 2);
      const outputs = [stream(even, to), stream(odd, to)];
      inTiles(memory, (x.length * 8) / lane, [stream(x, lane)], outputs, (n, at) =>
        wasm.splitEvenOdd(lane, usedBits, n, ...at),
      );
    },
    reverseBits: (bits, x, out) =>
      elementwise(bits, [x], out, (n, at) => wasm.reverseBits(bits, n, ...at)),
    parity: (bits, x, mask, out) =>
      inTiles(memory, out.length, [stream(x, bits)], [stream(out, 8)], (n, [from = 0, to = 0]) =>
        wasm.parity(bits, n, from, BigInt.asUintN(64, mask), to),
      ),
    resizeLanes: (from, to, x, out) =>
      inTiles(memory, (out.length * 8) / to, [stream(x, from)], [stream(out, to)], (n, at) =>
        wasm.resizeLanes(from, to, n, ...at),
      ),
    chooseByBit(bits, bit, x, y, out) {
      const inputs = [stream(bit, 8), stream(x, bits), stream(y, bits)];
      inTiles(memory, bit.length, inputs, [stream(out, bits)], (n, at) =>
        wasm.chooseByBit(bits, n, ...at),
      );
    },

    replicatedMul: (bits, x0, x1, y0, y1, mask, out) =>
      elementwise(bits, [x0, x1, y0, y1, mask], out, (n, at) => wasm.replicatedMul(bits, n, ...at)),
    replicatedAnd: (x0, x1, y0, y1, mask, out) =>
      elementwise(8, [x0, x1, y0, y1, mask], out, (n, at) => wasm.replicatedAnd(n, ...at)),

    beaverMul: (bits, first, e, d, a, b, c, out) =>
      elementwise(bits, [e, d, a, b, c], out, (n, at) =>
        wasm.beaverMul(bits, first ? 1 : 0, n, ...at),
      ),
    beaverAnd: (first, e, d, a, b, c, out) =>
      elementwise(8, [e, d, a, b, c], out, (n, at) => wasm.beaverAnd(first ? 1 : 0, n, ...at)),
    divideSigned: (bits, x, by, out) =>
      elementwise(bits, [x], out, (n, [from = 0, to = 0]) =>
        wasm.divideSigned(bits, n, from, by, to),
      ),
    maskedTruncation: (bits, first, by, opened, top, low, out) =>
      elementwise(bits, [opened, top, low], out, (n, at) =>
        wasm.maskedTruncation(bits, first ? 1 : 0, n, by, ...at),
      ),

    subsetProducts: (bits, r, out) =>
      inPlanes(memory, (r.length * 8) / bits, [plane(r, bits / 8)], [planes(out, 15, 2)], (n, at) =>
        wasm.subsetProducts(bits, n, ...at),
      ),
    compareLeaves: (bits, first, whole, c, products, less, equal, top) =>
      inPlanes(
        memory,
        top.length,
        [plane(c, bits / 8), planes(products, 15, 2)],
        [plane(less, 2), plane(equal, 2), plane(top, 1)],
        (n, at) => wasm.compareLeaves(bits, first ? 1 : 0, whole ? 1 : 0, n, ...at),
      ),
    gateOpen(width, less, equal, mask, out) {
      const lane = width === 4 ? 2 : 1;
      const inputs = [plane(less, lane), plane(equal, lane), planes(mask, width, 1)];
      inPlanes(memory, less.length / lane, inputs, [planes(out, width, 1)], (n, at) =>
        wasm.gateOpen(width, n, ...at),
      );
    },
    gateProducts(width, mask, out) {
      const made = planes(out, width === 4 ? 11 : 3, 1);
      inPlanes(memory, mask.length / width, [planes(mask, width, 1)], [made], (n, at) =>
        wasm.gateProducts(width, n, ...at),
      );
    },
    gateCombine(width, first, opened, mask, products, less, lessOut, equalOut) {
      const inputs = [
        planes(opened, width, 1),
        planes(mask, width, 1),
        planes(products, width === 4 ? 11 : 3, 1),
        plane(less, width === 4 ? 2 : 1),
      ];
      const outputs = [plane(lessOut, 1), plane(equalOut, 1)];
      inPlanes(memory, lessOut.length, inputs, outputs, (n, at) =>
        wasm.gateCombine(width, first ? 1 : 0, n, ...at),
      );
    },

    aesCtr: portableAesCtr,
    encode(bits, fractionBits, x, out) {
      const bytes = new Uint8Array(x.buffer, x.byteOffset, x.byteLength);
      inTiles(memory, x.length, [stream(bytes, 64)], [stream(out, bits)], (n, at) => {
        if (wasm.encode(bits, fractionBits, n, ...at) !== 0) throw notANumber(x);
      });
    },
    decode(bits, fractionBits, x, out) {
      const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
      inTiles(memory, out.length, [stream(x, bits)], [stream(bytes, 64)], (n, at) =>
        wasm.decode(bits, fractionBits, n, ...at),
      );
    },
  });
}

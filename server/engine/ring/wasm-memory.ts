/**
 * The WebAssembly kernels' memory as scratch: operands are copied in, results copied out.
 *
 * Tensors live outside it, because a wasm memory cannot exceed 4 GiB, never shrinks, and moves when
 * it grows. Callers therefore work in tiles of a fixed size and the memory stays small.
 */
import { EngineError } from '../errors.ts';
import type { Bytes } from './kernels.ts';

const pageBytes = 65536;
const alignment = 64;

/** Bytes per operand in one tile: six of them stay in a second-level cache. */
export const tileBytes = 64 * 1024;

/** A stack of buffers above `base`, emptied before every kernel call. */
export class WasmMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  #view: Uint8Array;
  #top: number;

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory;
    this.#base = Math.ceil(base / alignment) * alignment;
    this.#top = this.#base;
    this.#view = new Uint8Array(memory.buffer);
  }

  clear(): void {
    this.#top = this.#base;
  }

  /** Address of `bytes` fresh, unspecified bytes. */
  take(bytes: number): number {
    const address = this.#top;
    this.#top = address + Math.ceil(bytes / alignment) * alignment;
    const missing = this.#top - this.#view.length;
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / pageBytes));
      } catch (cause) {
        throw new EngineError('backend', `wasm kernels: no memory for ${bytes} bytes`, { cause });
      }
      this.#view = new Uint8Array(this.#memory.buffer);
    }
    return address;
  }

  put(x: Bytes): number {
    const address = this.take(x.length);
    this.#view.set(x, address);
    return address;
  }

  /** Fills memory that was taken before. */
  write(address: number, x: Bytes): void {
    this.#view.set(x, address);
  }

  get(address: number, out: Bytes): void {
    out.set(this.#view.subarray(address, address + out.length));
  }

  /** Copies `rows` rows of `rowBytes` bytes out of a matrix with rows of `strideBytes`. */
  putRows(x: Bytes, from: number, rows: number, rowBytes: number, strideBytes: number): number {
    if (rowBytes === strideBytes) return this.put(x.subarray(from, from + rows * rowBytes));
    const address = this.take(rows * rowBytes);
    for (let r = 0; r < rows; r++) {
      const start = from + r * strideBytes;
      this.#view.set(x.subarray(start, start + rowBytes), address + r * rowBytes);
    }
    return address;
  }

  /** The opposite of `putRows`. */
  getRows(
    address: number,
    out: Bytes,
    to: number,
    rows: number,
    rowBytes: number,
    strideBytes: number,
  ): void {
    if (rowBytes === strideBytes) {
      this.get(address, out.subarray(to, to + rows * rowBytes));
      return;
    }
    for (let r = 0; r < rows; r++) {
      const row = this.#view.subarray(address + r * rowBytes, address + (r + 1) * rowBytes);
      out.set(row, to + r * strideBytes);
    }
  }
}

/** An operand cut along its elements: `width` bytes belong to one of them. */
export interface Stream {
  readonly bytes: Bytes;
  readonly width: number;
}

/**
 * Runs an element-wise kernel over tiles of its operands.
 * @param count elements in every stream.
 * @param call gets the elements of this tile and the addresses of inputs and outputs.
 */
export function inTiles(
  memory: WasmMemory,
  count: number,
  inputs: readonly Stream[],
  outputs: readonly Stream[],
  call: (n: number, addresses: readonly number[]) => void,
): void {
  const widest = Math.max(...inputs.map((s) => s.width), ...outputs.map((s) => s.width));
  const step = Math.max(1, Math.floor(tileBytes / Math.max(1, widest)));
  for (let start = 0; start < count; start += step) {
    const n = Math.min(step, count - start);
    memory.clear();
    const addresses = inputs.map(({ bytes, width }) =>
      memory.put(bytes.subarray(start * width, (start + n) * width)),
    );
    for (const { width } of outputs) addresses.push(memory.take(n * width));
    call(n, addresses);
    for (const [i, { bytes, width }] of outputs.entries()) {
      const address = addresses[inputs.length + i] ?? 0;
      memory.get(address, bytes.subarray(start * width, (start + n) * width));
    }
  }
}

/** An operand of several planes, one after the other, each with `width` bytes per element. */
export interface Planes extends Stream {
  readonly count: number;
}

export function planes(bytes: Bytes, count: number, width: number): Planes {
  return { bytes, count, width };
}

export function plane(bytes: Bytes, width: number): Planes {
  return planes(bytes, 1, width);
}

/** As `inTiles`, for planar operands: a tile holds the same elements of every plane. */
export function inPlanes(
  memory: WasmMemory,
  count: number,
  inputs: readonly Planes[],
  outputs: readonly Planes[],
  call: (n: number, addresses: readonly number[]) => void,
): void {
  const widest = Math.max(...[...inputs, ...outputs].map((x) => x.count * x.width));
  const step = Math.max(1, Math.floor((4 * tileBytes) / widest));
  for (let start = 0; start < count; start += step) {
    const n = Math.min(step, count - start);
    memory.clear();
    const addresses = inputs.map((x) =>
      memory.putRows(x.bytes, start * x.width, x.count, n * x.width, count * x.width),
    );
    for (const x of outputs) addresses.push(memory.take(x.count * n * x.width));
    call(n, addresses);
    for (const [index, x] of outputs.entries()) {
      const address = addresses[inputs.length + index] ?? 0;
      memory.getRows(address, x.bytes, start * x.width, x.count, n * x.width, count * x.width);
    }
  }
}

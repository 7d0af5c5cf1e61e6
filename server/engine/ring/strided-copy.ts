/**
 * Strided copies in plain TypeScript, for the wasm backend: a view may reach over a whole tensor,
 * which would have to be copied into wasm memory to read a few of its elements.
 */
import type { Bytes } from './kernels.ts';

/** Rows of at least this many bytes are copied as a block. */
const blockBytes = 64;

type Elements = Uint8Array | Uint16Array | Uint32Array;

/** Elements as numbers; those of 8 bytes as two halves, since a BigInt each would cost more. */
function elements(x: Bytes, elementBytes: number): Elements {
  if (elementBytes === 1) return x;
  if (elementBytes === 2) return new Uint16Array(x.buffer, x.byteOffset, x.length / 2);
  return new Uint32Array(x.buffer, x.byteOffset, x.length / 4);
}

/** See `Kernels.copyStrided`; arguments are checked by the caller. */
export function stridedCopy(
  elementBytes: number,
  x: Bytes,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  out: Bytes,
): void {
  if (out.length === 0) return;
  const columns = shape.at(-1) ?? 1;
  const stride = strides.at(-1) ?? 1;
  const [from, to] = [elements(x, elementBytes), elements(out, elementBytes)];
  const outer = shape.slice(0, -1);
  const index = outer.map(() => 0);
  const rowBytes = columns * elementBytes;
  let start = offset;
  for (let written = 0; written < out.length; written += rowBytes) {
    if (stride === 1 && rowBytes >= blockBytes) {
      const at = start * elementBytes;
      out.set(x.subarray(at, at + rowBytes), written);
    } else if (elementBytes === 8) {
      copyPairs(from, start, stride, to, written / 8, columns);
    } else {
      copyRow(from, start, stride, to, written / elementBytes, columns);
    }
    start = advance(index, outer, strides, start);
  }
}

/** Steps `index` to the next row and returns where that row starts. */
function advance(
  index: number[],
  shape: readonly number[],
  strides: readonly number[],
  start: number,
): number {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const stride = strides[axis] ?? 0;
    const next = (index[axis] ?? 0) + 1;
    const length = shape[axis] ?? 1;
    if (next < length) {
      index[axis] = next;
      return start + stride;
    }
    index[axis] = 0;
    start -= stride * (length - 1);
  }
  return start;
}

function copyRow(
  from: Elements,
  start: number,
  stride: number,
  to: Elements,
  written: number,
  columns: number,
): void {
  for (let c = 0; c < columns; c++) to[written + c] = from[start + c * stride] ?? 0;
}

function copyPairs(
  from: Elements,
  start: number,
  stride: number,
  to: Elements,
  written: number,
  columns: number,
): void {
  for (let c = 0; c < columns; c++) {
    const source = 2 * (start + c * stride);
    const target = 2 * (written + c);
    to[target] = from[source] ?? 0;
    to[target + 1] = from[source + 1] ?? 0;
  }
}

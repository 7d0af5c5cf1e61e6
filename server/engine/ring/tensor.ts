/**
 * Dense little-endian tensors and the structural operations on them. Knows no secret sharing:
 * a share is made of tensors, and every function here is applied to each of its components.
 */
import { EngineError } from '../errors.ts';
import type { Kernels, LaneBits } from './kernels.ts';

export type Shape = readonly number[];

/** Row-major. `elementBits` is 64 or 32 for ring elements, 8 to 64 for lanes of boolean shares. */
export interface Tensor {
  readonly elementBits: LaneBits;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

/** A rearrangement of elements; local in every protocol. */
export type View =
  | { readonly reshape: Shape }
  | { readonly transpose: readonly number[] }
  | { readonly slice: { readonly axis: number; readonly start: number; readonly end: number } }
  | { readonly expand: Shape };

export function elementCount(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Uninitialised memory: every byte must be written before it is read. */
export function allocateBytes(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** Buffers one after the other, in fresh memory. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = allocateBytes(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Uninitialised tensor; see `allocateBytes`. */
export function allocate(elementBits: LaneBits, shape: Shape): Tensor {
  return { elementBits, shape, bytes: allocateBytes((elementCount(shape) * elementBits) / 8) };
}

export function zeros(elementBits: LaneBits, shape: Shape): Tensor {
  return { elementBits, shape, bytes: new Uint8Array((elementCount(shape) * elementBits) / 8) };
}

/** Shape of `view` applied to a tensor of `shape`; throws `EngineError('shape')` where it does not fit. */
export function viewShape(shape: Shape, view: View): Shape {
  if ('reshape' in view) {
    if (elementCount(view.reshape) !== elementCount(shape)) {
      throw new EngineError(
        'shape',
        `reshape: ${showShape(shape)} has other elements than ${showShape(view.reshape)}`,
      );
    }
    return view.reshape;
  }
  if ('transpose' in view) {
    const axes = view.transpose;
    if (
      axes.toSorted((a, b) => a - b).some((axis, i) => axis !== i) ||
      axes.length !== shape.length
    ) {
      throw new EngineError(
        'shape',
        `transpose: [${axes.join(', ')}] does not permute ${showShape(shape)}`,
      );
    }
    return axes.map((axis) => shape[axis] ?? 0);
  }
  if ('slice' in view) {
    const { axis, start, end } = view.slice;
    const length = shape[axis];
    if (length === undefined || start < 0 || end < start || end > length) {
      throw new EngineError(
        'shape',
        `slice: ${start} to ${end} of axis ${axis} of ${showShape(shape)}`,
      );
    }
    return shape.with(axis, end - start);
  }
  const aligned = [...Array<number>(view.expand.length - shape.length).fill(1), ...shape];
  if (
    view.expand.length < shape.length ||
    aligned.some((length, axis) => length !== 1 && length !== view.expand[axis])
  ) {
    throw new EngineError('shape', `expand: ${showShape(shape)} to ${showShape(view.expand)}`);
  }
  return view.expand;
}

function denseStrides(shape: Shape): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** Reshape shares memory with its operand, the other views copy. */
export function applyView(kernels: Kernels, x: Tensor, view: View): Tensor {
  const shape = viewShape(x.shape, view);
  if ('reshape' in view) return { ...x, shape };
  const strides = denseStrides(x.shape);
  let offset = 0;
  let steps: number[];
  if ('transpose' in view) {
    if (lastTwoSwapped(view.transpose)) return swapLastTwo(kernels, x, shape);
    steps = view.transpose.map((axis) => strides[axis] ?? 0);
  } else if ('slice' in view) {
    offset = view.slice.start * (strides[view.slice.axis] ?? 0);
    if (view.slice.axis === 0) {
      const width = x.elementBits / 8;
      const first = offset * width;
      return { ...x, shape, bytes: x.bytes.slice(first, first + elementCount(shape) * width) };
    }
    steps = strides;
  } else {
    const missing = shape.length - x.shape.length;
    steps = shape.map((_, axis) =>
      (x.shape[axis - missing] ?? 1) === 1 ? 0 : (strides[axis - missing] ?? 0),
    );
  }
  const out = allocate(x.elementBits, shape);
  kernels.copyStrided(elementBytes(x), x.bytes, offset, shape, steps, out.bytes);
  return out;
}

function lastTwoSwapped(axes: readonly number[]): boolean {
  const rank = axes.length;
  return (
    rank >= 2 &&
    axes[rank - 1] === rank - 2 &&
    axes[rank - 2] === rank - 1 &&
    axes.slice(0, -2).every((axis, i) => axis === i)
  );
}

function swapLastTwo(kernels: Kernels, x: Tensor, shape: Shape): Tensor {
  if (x.elementBits !== 64 && x.elementBits !== 32) {
    throw new EngineError('shape', `transpose: lanes of ${x.elementBits} bits are not supported`);
  }
  const out = allocate(x.elementBits, shape);
  const rows = x.shape.at(-2) ?? 1;
  const columns = x.shape.at(-1) ?? 1;
  const batch = rows * columns === 0 ? 0 : elementCount(x.shape) / (rows * columns);
  kernels.transpose(x.elementBits, x.bytes, batch, rows, columns, out.bytes);
  return out;
}

function elementBytes(x: Tensor): 1 | 2 | 4 | 8 {
  switch (x.elementBits) {
    case 8:
      return 1;
    case 16:
      return 2;
    case 32:
      return 4;
    case 64:
      return 8;
  }
}

/** Shape of tensors joined along `axis`; all other axes must agree. */
export function concatShape(shapes: readonly Shape[], axis: number): Shape {
  const first = shapes[0];
  if (first === undefined || first[axis] === undefined) {
    throw new EngineError('shape', `concat: nothing to join along axis ${axis}`);
  }
  let length = 0;
  for (const shape of shapes) {
    if (!sameShape(shape.with(axis, 0), first.with(axis, 0))) {
      throw new EngineError(
        'shape',
        `concat: ${showShape(shape)} beside ${showShape(first)}, axis ${axis}`,
      );
    }
    length += shape[axis] ?? 0;
  }
  return first.with(axis, length);
}

export function concatTensors(tensors: readonly Tensor[], axis: number): Tensor {
  const shape = concatShape(
    tensors.map((tensor) => tensor.shape),
    axis,
  );
  const out = allocate(tensors[0]?.elementBits ?? 64, shape);
  const outer = elementCount(shape.slice(0, axis));
  const chunks = tensors.map((tensor) => (outer === 0 ? 0 : tensor.bytes.length / outer));
  let position = 0;
  for (let index = 0; index < outer; index++) {
    tensors.forEach((tensor, which) => {
      const chunk = chunks[which] ?? 0;
      out.bytes.set(tensor.bytes.subarray(index * chunk, (index + 1) * chunk), position);
      position += chunk;
    });
  }
  return out;
}

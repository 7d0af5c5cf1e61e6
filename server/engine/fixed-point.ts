/** Fixed point: a real value v is the ring element round(v * 2^fractionBits) mod 2^bits. */
import { EngineError } from './errors.ts';
import type { Ring } from './plan.ts';
import type { Kernels } from './ring/kernels.ts';
import { allocate, elementCount, type Shape, type Tensor } from './ring/tensor.ts';

/** Ring element of one public number; throws `EngineError('range')` beyond +-2^(bits-2). */
export function encodeScalar(ring: Ring, value: number): bigint {
  const scaled = Math.round(value * 2 ** ring.fractionBits);
  if (!Number.isFinite(scaled) || Math.abs(scaled) >= 2 ** (ring.bits - 2)) {
    throw new EngineError(
      'range',
      `encode: ${value} does not fit ${ring.bits} bits with ${ring.fractionBits} fraction bits`,
    );
  }
  return BigInt.asUintN(ring.bits, BigInt(scaled));
}

/** Public number as an integer with so many fraction bits. */
export function atBits(value: number, fractionBits: number): bigint {
  return BigInt(Math.round(value * 2 ** fractionBits));
}

/** Fixed-point tensor of float values, row-major. */
export function encodeTensor(
  kernels: Kernels,
  ring: Ring,
  values: ArrayLike<number>,
  shape: Shape,
  fractionBits = ring.fractionBits,
): Tensor {
  if (values.length !== elementCount(shape)) {
    throw new EngineError('shape', `encode: ${values.length} values for [${shape.join(', ')}]`);
  }
  const out = allocate(ring.bits, shape);
  kernels.encode(ring.bits, fractionBits, Float64Array.from(values), out.bytes);
  return out;
}

export function decodeTensor(kernels: Kernels, ring: Ring, x: Tensor): Float64Array {
  const out = new Float64Array(elementCount(x.shape));
  kernels.decode(ring.bits, ring.fractionBits, x.bytes, out);
  return out;
}

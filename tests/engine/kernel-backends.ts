/**
 * What the kernel tests share: the backends of this machine, operands full of extreme values, and
 * the comparison with the reference.
 */
import { EngineError } from '../../server/engine/errors.ts';
import { loadNativeKernels } from '../../server/engine/ring/backend-native.ts';
import { loadReferenceKernels } from '../../server/engine/ring/backend-reference.ts';
import { loadWasmKernels } from '../../server/engine/ring/backend-wasm.ts';
import type { Bytes, Kernels } from '../../server/engine/ring/kernels.ts';

export const reference = loadReferenceKernels();

function attempt(load: () => Kernels): Kernels | null {
  try {
    return load();
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'backend') return null;
    throw error;
  }
}

/** Every backend and instruction set; null where this machine lacks it. */
export const backends: readonly (readonly [string, Kernels | null])[] = [
  ['native avx512', attempt(() => loadNativeKernels('avx512'))],
  ['native avx2', attempt(() => loadNativeKernels('avx2'))],
  ['native baseline', attempt(() => loadNativeKernels('baseline'))],
  ['wasm', attempt(loadWasmKernels)],
];

/** xorshift: repeatable, and fast enough for matrices. */
export function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Random elements, of which about a third are 0, -1, the largest or the smallest. */
export function words(count: number, width: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = generator(seed * 2654435761 + 1);
  const bytes = new Uint8Array(count * width).map(() => next() >>> 11);
  const extremes = [
    new Uint8Array(width),
    new Uint8Array(width).fill(255),
    new Uint8Array(width).fill(255, 0, width - 1).fill(127, width - 1),
    new Uint8Array(width).fill(128, width - 1),
  ];
  for (let i = 0; i < count; i++) {
    const extreme = extremes[next() % 12];
    if (extreme) bytes.set(extreme, i * width);
  }
  return bytes;
}

/** One call of a kernel on buffers: inputs and outputs alike. */
export type Step = (kernels: Kernels, ...buffers: Bytes[]) => void;

/**
 * Runs a step on copies of the buffers with the kernels and with the reference. Returns null if all
 * buffers end up equal, else where they first differ.
 */
export function mismatch(kernels: Kernels, buffers: readonly Bytes[], step: Step): string | null {
  const expected = buffers.map((b) => b.slice());
  const got = buffers.map((b) => b.slice());
  step(reference, ...expected);
  step(kernels, ...got);
  for (const [b, buffer] of got.entries()) {
    const i = buffer.findIndex((byte, at) => byte !== expected[b]?.[at]);
    if (i >= 0) return `buffer ${b}, byte ${i}: got ${buffer[i]}, expected ${expected[b]?.[i]}`;
  }
  return null;
}

/** The same for a step whose last buffer is an output like the first one: apart, and in place. */
export function mismatchInPlace(
  kernels: Kernels,
  inputs: readonly Bytes[],
  step: Step,
): string | null {
  const [first = new Uint8Array()] = inputs;
  return (
    mismatch(kernels, [...inputs, new Uint8Array(first.length)], step) ??
    mismatch(kernels, inputs, (k, ...buffers) => step(k, ...buffers, buffers[0] ?? first))
  );
}

/**
 * Chooses a backend of the ring kernels. Nothing is cached: the caller keeps the result, and
 * loading twice is fine.
 */
import { EngineError } from '../errors.ts';
import { loadNativeKernels } from './backend-native.ts';
import { loadReferenceKernels } from './backend-reference.ts';
import { loadWasmKernels } from './backend-wasm.ts';
import type { Kernels } from './kernels.ts';

export type Backend = Kernels['backend'];

const loaders: Readonly<Record<Backend, () => Kernels>> = {
  native: () => loadNativeKernels(),
  wasm: loadWasmKernels,
  reference: loadReferenceKernels,
};

/**
 * Loads `PARLEY_KERNELS` if set, else `prefer` if given, else native if it loads, else wasm.
 * @throws EngineError of kind `backend` if a backend that was asked for is missing; the message
 *   says how to get it.
 */
export function loadKernels(prefer?: Backend): Kernels {
  const asked = process.env['PARLEY_KERNELS'] || prefer;
  if (asked) {
    if (!isBackend(asked)) {
      const known = Object.keys(loaders).join(' | ');
      throw new EngineError('backend', `PARLEY_KERNELS: expected ${known}, got ${asked}`);
    }
    return loaders[asked]();
  }
  try {
    return loadNativeKernels();
  } catch (error) {
    // A forced instruction set that cannot be had is a mistake, not a reason to be slow.
    if (process.env['PARLEY_ISA']) throw error;
    return loadWasmKernels();
  }
}

function isBackend(name: string): name is Backend {
  return Object.hasOwn(loaders, name);
}

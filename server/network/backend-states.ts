/** Which backends work on this machine: each is tried, none is assumed. */
import { EngineError } from '../engine/errors.ts';
import { findKernelEngine } from './backends.ts';

export interface BackendState {
  readonly id: 'inline' | 'kernel' | 'none';
  /** What does the work, where there is more than one; null otherwise. */
  readonly engine: string | null;
  /** Why it cannot be used here; null where it can. */
  readonly why: string | null;
}

async function kernelState(find: typeof findKernelEngine): Promise<BackendState> {
  try {
    return { id: 'kernel', engine: (await find()).engine, why: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { id: 'kernel', engine: null, why: error.message };
  }
}

/** Makes a network and takes it down again. */
export async function probeBackends(
  find: typeof findKernelEngine = findKernelEngine,
): Promise<readonly BackendState[]> {
  return [
    { id: 'inline', engine: null, why: null },
    await kernelState(find),
    { id: 'none', engine: null, why: null },
  ];
}

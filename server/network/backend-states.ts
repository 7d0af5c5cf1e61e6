/** Which backends work on this machine. */
import { EngineError } from '../engine/errors.ts';
import { findKernelEngine } from './backends.ts';

export interface BackendState {
  readonly id: 'inline' | 'kernel' | 'none';
  /** What does the work, where there is more than one; null otherwise. */
  readonly engine: string | null;
  /** Why it cannot be used here; null where it can. */
  readonly why: string | null;
}

/** A probe makes a network and takes it down again: it is not asked for at every visit to a page. */
const freshMs = 5 * 60_000;
let known: { readonly atMs: number; readonly states: Promise<readonly BackendState[]> } | undefined;

async function probe(find: typeof findKernelEngine): Promise<readonly BackendState[]> {
  const kernel = async (): Promise<BackendState> => {
    try {
      return { id: 'kernel', engine: (await find()).engine, why: null };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return { id: 'kernel', engine: null, why: error.message };
    }
  };
  return [
    { id: 'inline', engine: null, why: null },
    await kernel(),
    { id: 'none', engine: null, why: null },
  ];
}

/** What was found out at most five minutes ago. `find` and `nowMs` are for tests. */
export function backendStates(
  find: typeof findKernelEngine = findKernelEngine,
  nowMs: number = Date.now(),
): Promise<readonly BackendState[]> {
  if (known === undefined || nowMs - known.atMs > freshMs) {
    known = { atMs: nowMs, states: probe(find) };
  }
  return known.states;
}

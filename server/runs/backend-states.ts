/**
 * Which backends work on this machine, for the form. Found out in a process of its own: pages are
 * served from a bundle, which does not hold the programs that a probe starts.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { BackendState } from '../network/backend-states.ts';
import { repositoryRoot } from '../zoo/root.ts';

const statesSchema = z.array(
  z.strictObject({
    id: z.enum(['inline', 'kernel', 'none']),
    engine: z.string().nullable(),
    why: z.string().nullable(),
  }),
);

/** The first time a helper is compiled. */
const timeoutMs = 150_000;
/** It is not asked for at every visit to a page. */
const freshMs = 5 * 60_000;
let known: { readonly atMs: number; readonly states: Promise<readonly BackendState[]> } | undefined;

async function ask(): Promise<readonly BackendState[]> {
  const entry = join(repositoryRoot(), 'server', 'network', 'probe-backends-main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [entry], { timeout: timeoutMs });
  return statesSchema.parse(JSON.parse(stdout));
}

/** What was found out at most five minutes ago. `find` and `nowMs` are for tests. */
export function backendStates(
  find: () => Promise<readonly BackendState[]> = ask,
  nowMs: number = Date.now(),
): Promise<readonly BackendState[]> {
  if (known === undefined || nowMs - known.atMs > freshMs) {
    const states = find();
    known = { atMs: nowMs, states };
    // What failed is asked again.
    states.catch(() => (known = undefined));
  }
  return known.states;
}

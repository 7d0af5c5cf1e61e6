/** Use case: the same spec once more, as a run of its own. The ended one stays as it is. */
import type { RunOrigin, RunSummary } from '../api/schemas/run-view.ts';
import { endStates } from '../api/schemas/run-view.ts';
import { createRun, type RunContext } from './create-run.ts';
import { RunError } from './errors.ts';
import { readSummary } from './views.ts';

/**
 * @throws RunError 'notFound', 'conflict' for a run that has not ended or was imported, 'invalid' where
 *   this version no longer takes its spec
 */
export async function retryRun(
  context: RunContext,
  runId: string,
  origin: RunOrigin,
): Promise<RunSummary> {
  const { state, spec, provenance } = await readSummary(context.db, runId);
  if (!endStates.includes(state)) {
    throw new RunError('conflict', `run ${runId} is ${state}: repeat it when it has ended.`);
  }
  if (provenance === 'imported') {
    throw new RunError('conflict', `run ${runId} was imported: what it ran is not known in full.`);
  }
  return createRun(context, spec, origin);
}

/** The column of a queued run that says what is expected of it. */
import type { RunSpec } from '../../api/schemas/run-spec.ts';
import type { Database, Prisma } from '../../db/client.ts';
import { expectLatency } from './predict-latency.ts';

/** Empty where nothing can be said: that is no reason to refuse a run, but it is told in the log. */
export async function expectationColumn(
  db: Database,
  spec: RunSpec,
): Promise<{ expectedLatency?: Prisma.InputJsonValue }> {
  try {
    return { expectedLatency: { ...(await expectLatency(db, spec)) } };
  } catch (error) {
    console.error('no expectation of a run:', error instanceof Error ? error.message : error);
    return {};
  }
}

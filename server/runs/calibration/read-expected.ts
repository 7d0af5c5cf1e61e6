/** What was expected of a run when it was queued; null where nothing was said. Reads only. */
import type { LatencyPrediction, StoredLatency } from '../../api/schemas/latency.ts';
import type { Database } from '../../db/client.ts';

export async function readExpected(db: Database, runId: string): Promise<LatencyPrediction | null> {
  const row = await db.run.findUnique({ where: { id: runId }, select: { expectedLatency: true } });
  const stored = row?.expectedLatency as unknown as StoredLatency | null | undefined;
  if (stored === null || stored === undefined) return null;
  const { onlineMs, offlineMs, low80, high80, basis } = stored;
  return { onlineMs, offlineMs, low80, high80, basis };
}

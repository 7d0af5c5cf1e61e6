/** Reads what `store-replay.ts` kept. */
import type { Database } from '../db/client.ts';
import { replayArtifact, type ReplayFile } from '../network/replay/replay-file.ts';
import { readArtifact } from './artifacts.ts';

/** @throws RunError 'notFound' when the run's file is gone from the data folder */
export async function readReplay(db: Database, runId: string): Promise<ReplayFile | null> {
  const where = { runId_name: { runId, name: replayArtifact } };
  if ((await db.artifact.findUnique({ where })) === null) return null;
  const { text } = await readArtifact(db, runId, replayArtifact);
  return JSON.parse(text) as ReplayFile;
}

/**
 * Use case: whether the installation has newer numbers of what a frozen copy shows: runs of the very same
 * spec that ended after it was frozen. Runs that shipped were measured elsewhere and do not count.
 */
import type { Database } from '../db/client.ts';
import { readPermalink } from './read-permalink.ts';

export interface NewerRuns {
  /** How many there are. */
  readonly runs: number;
  /** The newest of each spec, the newest first. */
  readonly newest: readonly { readonly id: string; readonly finishedAt: string }[];
}

/** @throws RunError 'notFound' for a link that does not exist, was taken back or is over */
export async function newerRuns(db: Database, slug: string): Promise<NewerRuns> {
  const frozen = await readPermalink(db, slug);
  if (frozen.kind === 'notebook') return { runs: 0, newest: [] };
  const shown = frozen.kind === 'run' ? [frozen.run] : frozen.runs;
  const found = await db.run.findMany({
    where: {
      specHash: { in: [...new Set(shown.map(({ specHash }) => specHash))] },
      id: { notIn: shown.map(({ id }) => id) },
      state: 'done',
      provenance: 'measured',
      shipped: false,
      archivedAt: null,
      finishedAt: { gt: new Date(frozen.createdAt) },
    },
    select: { id: true, specHash: true, finishedAt: true },
    orderBy: { finishedAt: 'desc' },
  });
  const newest = new Map<string, { id: string; finishedAt: string }>();
  for (const { id, specHash, finishedAt } of found) {
    if (finishedAt === null || newest.has(specHash)) continue;
    newest.set(specHash, { id, finishedAt: finishedAt.toISOString() });
  }
  return { runs: found.length, newest: [...newest.values()] };
}

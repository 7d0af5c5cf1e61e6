/**
 * Use case: what a reader of a permalink gets, which is the frozen snapshot and nothing else: only
 * named columns are selected, so that a column added later cannot leak.
 */
import type { RunDetail } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { completeDetail } from '../runs/complete-view.ts';
import { RunError } from '../runs/errors.ts';

export interface PermalinkView {
  readonly slug: string;
  readonly kind: 'run';
  readonly run: RunDetail;
  /** SHA-256 of the snapshot text, hex. */
  readonly contentHash: string;
  readonly createdAt: string;
}

/** @throws RunError 'notFound', the same for unknown and revoked ones */
export async function readPermalink(db: Database, slug: string): Promise<PermalinkView> {
  const row = await db.permalink.findFirst({
    where: { slug, revokedAt: null },
    select: { snapshot: true, contentHash: true, createdAt: true },
  });
  if (row === null) {
    throw new RunError('notFound', 'this link does not exist, or its owner has taken it back.');
  }
  const { run } = JSON.parse(row.snapshot) as { run: RunDetail };
  return {
    slug,
    kind: 'run',
    run: completeDetail(run),
    contentHash: row.contentHash,
    createdAt: row.createdAt.toISOString(),
  };
}

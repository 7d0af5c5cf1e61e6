/** Use case: which frozen copies of a run can be read now, so that they can be copied or taken back. */
import type { Database } from '../db/client.ts';

export interface LivePermalink {
  readonly slug: string;
  /** Path of the page, e.g. `/s/abc...`. */
  readonly path: string;
  readonly contentHash: string;
  readonly createdAt: string;
}

/** Newest first; none for an unknown run. */
export async function listPermalinks(
  db: Database,
  runId: string,
): Promise<readonly LivePermalink[]> {
  const rows = await db.permalink.findMany({
    where: { runId, revokedAt: null },
    select: { slug: true, contentHash: true, createdAt: true },
    orderBy: [{ createdAt: 'desc' }, { slug: 'asc' }],
  });
  return rows.map(({ slug, contentHash, createdAt }) => ({
    slug,
    path: `/s/${slug}`,
    contentHash,
    createdAt: createdAt.toISOString(),
  }));
}

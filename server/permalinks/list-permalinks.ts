/** Use case: which frozen copies can be read now, so that they can be copied or taken back. */
import type { Database } from '../db/client.ts';
import { liveWhere } from './read-permalink.ts';

export interface LivePermalink {
  readonly slug: string;
  /** Path of the page, e.g. `/s/abc...`. */
  readonly path: string;
  readonly contentHash: string;
  readonly createdAt: string;
  /** When it ends by itself; null for never. */
  readonly expiresAt: string | null;
}

/** One line of the list of everything that is published. */
export interface PublishedPermalink extends LivePermalink {
  readonly kind: 'run' | 'comparison' | 'notebook';
  readonly title: string;
}

const order = [{ createdAt: 'desc' }, { slug: 'asc' }] as const;

/** Of one run, newest first; none for an unknown run. */
export async function listPermalinks(
  db: Database,
  runId: string,
): Promise<readonly LivePermalink[]> {
  const rows = await db.permalink.findMany({
    where: { runId, ...liveWhere(new Date()) },
    select: { slug: true, contentHash: true, createdAt: true, expiresAt: true },
    orderBy: [...order],
  });
  return rows.map(toLive);
}

/** Everything that can be read from outside now, newest first. */
export async function listPublished(db: Database): Promise<readonly PublishedPermalink[]> {
  const rows = await db.permalink.findMany({
    where: liveWhere(new Date()),
    select: {
      slug: true,
      kind: true,
      title: true,
      runId: true,
      contentHash: true,
      createdAt: true,
      expiresAt: true,
    },
    orderBy: [...order],
  });
  return rows.map((row) => ({
    ...toLive(row),
    kind: row.kind,
    title: row.title !== '' ? row.title : row.runId === null ? 'A run' : `Run ${row.runId}`,
  }));
}

function toLive(row: {
  readonly slug: string;
  readonly contentHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}): LivePermalink {
  const { slug, contentHash, createdAt, expiresAt } = row;
  return {
    slug,
    path: `/s/${slug}`,
    contentHash,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

/**
 * Use case: an address that nobody can guess for a notebook as it is whenever somebody looks, beside the
 * frozen copies of publish-notebook.ts.
 */
import type { Database } from '../db/client.ts';
import { readNotebookById } from '../notebooks/store.ts';
import { canonicalJson, sha256 } from '../runs/spec-hash.ts';
import { endOf, newSlug, type CreatedPermalink } from './create-permalink.ts';

/**
 * The same notebook keeps its live address, unless it is to end by itself.
 * @throws RunError 'notFound'
 */
export async function publishLive(
  db: Database,
  { id, expiresInDays }: { readonly id: string; readonly expiresInDays: number | null },
): Promise<CreatedPermalink> {
  const { title } = await readNotebookById(db, id);
  const snapshot = canonicalJson({ version: 1, kind: 'notebook', live: id });
  const contentHash = sha256(snapshot);
  const expiresAt = endOf(expiresInDays);
  const same =
    expiresAt !== null
      ? null
      : await db.permalink.findFirst({
          where: { kind: 'notebook', contentHash, revokedAt: null, expiresAt: null },
          select: { slug: true },
        });
  const slug = same?.slug ?? newSlug();
  if (same === null) {
    await db.permalink.create({
      data: {
        slug,
        kind: 'notebook',
        title: `${title} (live)`,
        snapshot,
        contentHash,
        expiresAt,
      },
    });
  }
  return { slug, path: `/s/${slug}`, contentHash };
}

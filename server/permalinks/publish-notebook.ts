/**
 * Use case: freeze a notebook under an address that nobody can guess. Every cell that would ask somebody
 * must be pinned: a frozen notebook renders the same forever.
 */
import { evaluateNotebook } from '../api/schemas/notebook-evaluate.ts';
import { writeNotebook } from '../api/schemas/notebook-write.ts';
import type { Database } from '../db/client.ts';
import { parseNotebook } from '../notebooks/store.ts';
import { RunError } from '../runs/errors.ts';
import { canonicalJson, sha256 } from '../runs/spec-hash.ts';
import { newSlug, type CreatedPermalink } from './create-permalink.ts';

const dayMs = 86_400_000;

/**
 * The same content keeps its address, unless it is to end by itself.
 * @throws RunError 'invalid' for a text that is no notebook, 'conflict' where a result is not pinned
 */
export async function publishNotebook(
  db: Database,
  { text, expiresInDays }: { readonly text: string; readonly expiresInDays: number | null },
): Promise<CreatedPermalink> {
  const notebook = parseNotebook(text);
  const { open, results } = evaluateNotebook(notebook, new Map());
  const loose = notebook.cells.find(({ id }) => results.get(id)?.question != null);
  if (open.size > 0 || loose !== undefined) {
    const what = loose === undefined ? 'a cell' : `the ${loose.kind} cell ${loose.id}`;
    throw new RunError('conflict', `${what} is not pinned: pin all results, then publish.`);
  }
  const { title } = notebook;
  const snapshot = canonicalJson({
    version: 1,
    kind: 'notebook',
    title,
    text: writeNotebook(notebook),
  });
  const contentHash = sha256(snapshot);
  const expiresAt = expiresInDays === null ? null : new Date(Date.now() + expiresInDays * dayMs);
  const same =
    expiresAt !== null
      ? null
      : await db.permalink.findFirst({
          where: { kind: 'notebook', contentHash, revokedAt: null, expiresAt: null },
          select: { slug: true },
        });
  const slug = same?.slug ?? newSlug();
  if (same === null) {
    const data = { slug, kind: 'notebook', title, snapshot, contentHash, expiresAt } as const;
    await db.permalink.create({ data });
  }
  return { slug, path: `/s/${slug}`, contentHash };
}

/** Use case: take a permalink back. Its row stays, so that its address is never given out again. */
import type { Database } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';

/** @throws RunError 'notFound' for an unknown or already revoked one */
export async function revokePermalink(db: Database, slug: string): Promise<{ revokedAt: string }> {
  const revokedAt = new Date();
  const { count } = await db.permalink.updateMany({
    where: { slug, revokedAt: null },
    data: { revokedAt },
  });
  if (count === 0) throw new RunError('notFound', 'there is no such link to take back.');
  return { revokedAt: revokedAt.toISOString() };
}

/** Use case: which runs behind a pinned result are no longer stored here. */
import type { Database } from '../db/client.ts';

/** In the order asked for; each once. */
export async function missingRuns(
  db: Database,
  ids: readonly string[],
): Promise<readonly string[]> {
  const asked = [...new Set(ids)];
  const found = await db.run.findMany({ where: { id: { in: asked } }, select: { id: true } });
  const stored = new Set(found.map(({ id }) => id));
  return asked.filter((id) => !stored.has(id));
}

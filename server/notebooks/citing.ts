/** Use case: which notebooks cite a run, by its id or by the hash of its spec. */
import type { Database } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import { listShipped, readShipped } from './shipped.ts';

export interface CitingNotebook {
  readonly id: string;
  readonly title: string;
  readonly shipped: boolean;
}

/** The newest change first; those that ship come after them. @throws RunError 'notFound' */
export async function notebooksCiting(db: Database, runId: string): Promise<CitingNotebook[]> {
  const run = await db.run.findUnique({ where: { id: runId }, select: { specHash: true } });
  if (run === null) throw new RunError('notFound', `there is no run ${runId}.`);
  const words = [runId, run.specHash];
  const own = await db.notebook.findMany({
    where: { deletedAt: null, OR: words.map((word) => ({ text: { contains: word } })) },
    select: { id: true, title: true },
    orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
  });
  const shipped = await Promise.all((await listShipped()).map(({ id }) => readShipped(id)));
  return [
    ...own.map(({ id, title }) => ({ id, title, shipped: false })),
    ...shipped
      .filter(({ text }) => words.some((word) => text.includes(word)))
      .map(({ id, title }) => ({ id, title, shipped: true })),
  ];
}

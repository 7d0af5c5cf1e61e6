/** Use cases: states of a notebook that somebody named, and the way back to them. */
import type {
  NotebookDetail,
  NotebookVersionSummary,
  SaveAnswer,
} from '../api/schemas/notebook-requests.ts';
import type { Database } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import { readNotebookById, saveNotebook } from './store.ts';

export const mostVersions = 200;

/** The newest first. */
export async function listVersions(db: Database, id: string): Promise<NotebookVersionSummary[]> {
  const rows = await db.notebookVersion.findMany({
    where: { notebookId: id },
    select: { number: true, name: true, createdAt: true },
    orderBy: { number: 'desc' },
  });
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}

/** Names what is saved now. @throws RunError 'notFound', 'conflict' when there are too many */
export async function nameVersion(
  db: Database,
  id: string,
  name: string,
): Promise<NotebookVersionSummary> {
  return db.$transaction(async (tx) => {
    // The lock makes two who name at once wait for each other: numbers have no gap and no double.
    const [row] = await tx.$queryRaw<{ text: string }[]>`
      SELECT text FROM notebooks WHERE id = ${id} AND deleted_at IS NULL FOR UPDATE`;
    if (row === undefined)
      throw new RunError('notFound', `there is no notebook ${id} to name a version of.`);
    const { _max, _count } = await tx.notebookVersion.aggregate({
      where: { notebookId: id },
      _max: { number: true },
      _count: true,
    });
    if (_count >= mostVersions) {
      throw new RunError('conflict', `a notebook has at most ${mostVersions} named versions.`);
    }
    const number = (_max.number ?? 0) + 1;
    const made = await tx.notebookVersion.create({
      data: { notebookId: id, number, name, text: row.text },
    });
    return { number, name, createdAt: made.createdAt.toISOString() };
  });
}

/** The text of a named version. @throws RunError 'notFound' */
export async function readVersion(
  db: Database,
  id: string,
  number: number,
): Promise<NotebookVersionSummary & { readonly text: string }> {
  const row = await db.notebookVersion.findUnique({
    where: { notebookId_number: { notebookId: id, number } },
  });
  if (row === null) throw new RunError('notFound', `notebook ${id} has no version ${number}.`);
  return { number, name: row.name, text: row.text, createdAt: row.createdAt.toISOString() };
}

/**
 * Makes a named version the current one, as a save of its own: what stood there before is named first, so
 * that a restore can be taken back.
 * @throws RunError 'notFound'
 */
export async function restoreVersion(
  db: Database,
  id: string,
  number: number,
  base: number,
): Promise<SaveAnswer & { readonly notebook?: NotebookDetail }> {
  const { text, name } = await readVersion(db, id, number);
  const current = await readNotebookById(db, id);
  if (current.version !== base) return { status: 'conflict', theirs: current };
  if (current.text !== text) await nameVersion(db, id, `before going back to ${name}`.slice(0, 80));
  const answer = await saveNotebook(db, { id, base, text });
  return answer.status === 'saved'
    ? { ...answer, notebook: await readNotebookById(db, id) }
    : answer;
}

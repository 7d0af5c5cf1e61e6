/**
 * Use cases: notebooks as they are kept. A save names the version that it was made of; when another came
 * first, nothing is written and the answer holds the other text, so that neither is lost.
 */
import { randomBytes } from 'node:crypto';
import { readNotebook, NotebookFileError } from '../api/schemas/notebook-file.ts';
import { writeNotebook } from '../api/schemas/notebook-write.ts';
import type { Notebook } from '../api/schemas/notebook-cells.ts';
import type {
  NotebookDetail,
  NotebookSummary,
  SaveAnswer,
} from '../api/schemas/notebook-requests.ts';
import type { Database, Prisma } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import { isShipped, listShipped, readShipped } from './shipped.ts';

export const mostNotebooks = 1000;

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789a';
const newId = (): string => [...randomBytes(10)].map((byte) => alphabet[byte & 31]).join('');

/** A text as a notebook. @throws RunError 'invalid' naming the line and the fix */
export function parseNotebook(text: string): Notebook {
  try {
    return readNotebook(text);
  } catch (error) {
    if (error instanceof NotebookFileError) throw new RunError('invalid', error.message);
    throw error;
  }
}

type Row = Prisma.NotebookGetPayload<object>;

const toSummary = (row: Omit<Row, 'text'>): NotebookSummary => ({
  id: row.id,
  title: row.title,
  version: row.version,
  updatedAt: row.updatedAt.toISOString(),
  forkedFrom:
    row.forkedFrom === null
      ? null
      : { id: row.forkedFrom, title: row.forkedTitle ?? row.forkedFrom },
  shipped: false,
});

const toDetail = (row: Row): NotebookDetail => ({ ...toSummary(row), text: row.text });

const notFound = (id: string): RunError =>
  new RunError('notFound', `there is no notebook ${id}; it may have been deleted.`);

/** The newest change first; those that ship come after them. */
export async function listNotebooks(db: Database): Promise<NotebookSummary[]> {
  const rows = await db.notebook.findMany({
    where: { deletedAt: null },
    omit: { text: true },
    orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
  });
  return [...rows.map(toSummary), ...(await listShipped())];
}

/** @throws RunError 'notFound' */
export async function readNotebookById(db: Database, id: string): Promise<NotebookDetail> {
  if (isShipped(id)) return readShipped(id);
  const row = await db.notebook.findFirst({ where: { id, deletedAt: null } });
  if (row === null) throw notFound(id);
  return toDetail(row);
}

/** @throws RunError 'invalid' for a text that is no notebook, 'conflict' when there are too many */
export async function createNotebook(
  db: Database,
  text: string,
  forkedFrom: { readonly id: string; readonly title: string } | null = null,
): Promise<NotebookDetail> {
  const notebook = parseNotebook(text);
  if ((await db.notebook.count({ where: { deletedAt: null } })) >= mostNotebooks) {
    throw new RunError(
      'conflict',
      `there are ${mostNotebooks} notebooks already; delete one first.`,
    );
  }
  const row = await db.notebook.create({
    data: {
      id: newId(),
      title: notebook.title,
      text: writeNotebook(notebook),
      forkedFrom: forkedFrom?.id ?? null,
      forkedTitle: forkedFrom?.title ?? null,
    },
  });
  return toDetail(row);
}

/** A copy that says where it comes from. @throws RunError 'notFound' */
export async function forkNotebook(
  db: Database,
  id: string,
  text?: string,
): Promise<NotebookDetail> {
  const original = await readNotebookById(db, id);
  const notebook = parseNotebook(text ?? original.text);
  const title = `Copy of ${notebook.title}`.slice(0, 120);
  return createNotebook(db, writeNotebook({ ...notebook, title }), {
    id,
    title: original.title,
  });
}

/** @throws RunError 'notFound', 'invalid' for a text that is no notebook or a notebook that ships */
export async function saveNotebook(
  db: Database,
  { id, base, text }: { readonly id: string; readonly base: number; readonly text: string },
): Promise<SaveAnswer> {
  if (isShipped(id))
    throw new RunError('invalid', 'this notebook came with Parley; fork it to change it.');
  const notebook = parseNotebook(text);
  const updatedAt = new Date();
  const { count } = await db.notebook.updateMany({
    where: { id, version: base, deletedAt: null },
    data: { text: writeNotebook(notebook), title: notebook.title, version: base + 1, updatedAt },
  });
  if (count === 1)
    return { status: 'saved', version: base + 1, updatedAt: updatedAt.toISOString() };
  return { status: 'conflict', theirs: await readNotebookById(db, id) };
}

/** It can be brought back. @throws RunError 'notFound' */
export async function deleteNotebook(db: Database, id: string): Promise<{ readonly id: string }> {
  const { count } = await db.notebook.updateMany({
    where: { id, deletedAt: null },
    data: { deletedAt: new Date() },
  });
  if (count === 0) throw notFound(id);
  return { id };
}

/** @throws RunError 'notFound' */
export async function undeleteNotebook(db: Database, id: string): Promise<NotebookDetail> {
  const { count } = await db.notebook.updateMany({
    where: { id, deletedAt: { not: null } },
    data: { deletedAt: null },
  });
  if (count === 0) throw notFound(id);
  return readNotebookById(db, id);
}

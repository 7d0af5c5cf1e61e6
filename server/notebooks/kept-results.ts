/**
 * Use cases: what JavaScript cells came to in the browser of whoever edits, kept for live addresses. A result
 * is found again by the cell's text and all that went into it, so one of other inputs is never shown.
 */
import type { CellValue } from '../api/schemas/notebook-table.ts';
import { questionHash } from '../api/schemas/notebook-question.ts';
import type { Database, Prisma } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import type { RunJavascript } from './run-headless.ts';
import { isShipped } from './shipped.ts';

/** Of one notebook; the oldest go first. */
const mostKept = 100;

export interface KeptResult {
  /** questionHash of what was computed. */
  readonly question: string;
  readonly value: CellValue;
}

/** @throws RunError 'notFound', 'invalid' for a notebook that ships */
export async function keepResults(
  db: Database,
  id: string,
  results: readonly KeptResult[],
): Promise<{ readonly kept: number }> {
  if (isShipped(id)) throw new RunError('invalid', 'a notebook that ships keeps no results.');
  const notebook = await db.notebook.findFirst({
    where: { id, deletedAt: null },
    select: { id: true },
  });
  if (notebook === null) throw new RunError('notFound', `there is no notebook ${id}.`);
  for (const { question, value } of results) {
    const data = { value: value as unknown as Prisma.InputJsonValue, computedAt: new Date() };
    await db.notebookResult.upsert({
      where: { notebookId_question: { notebookId: id, question } },
      create: { notebookId: id, question, ...data },
      update: data,
    });
  }
  const old = await db.notebookResult.findMany({
    where: { notebookId: id },
    orderBy: { computedAt: 'desc' },
    skip: mostKept,
    select: { question: true },
  });
  if (old.length > 0) {
    await db.notebookResult.deleteMany({
      where: { notebookId: id, question: { in: old.map(({ question }) => question) } },
    });
  }
  return { kept: results.length };
}

const notKept =
  'JavaScript is computed by browsers alone, and none that edits it has computed this of these inputs.';

/** Answers JavaScript cells by what is kept of exactly their text and inputs. */
export const keptJavascript =
  (db: Database, id: string): RunJavascript =>
  async (question) => {
    if (isShipped(id)) return { status: 'stale', message: notKept };
    const where = { notebookId_question: { notebookId: id, question: questionHash(question) } };
    const row = await db.notebookResult.findUnique({ where, select: { value: true } });
    // Checked when it was kept.
    return row === null
      ? { status: 'stale', message: notKept }
      : { status: 'ok', value: row.value as unknown as CellValue };
  };

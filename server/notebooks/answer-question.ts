/** Use case: the answer to one question of a notebook. What is wrong with the question is an answer too. */
import { notebookColumns } from '../api/schemas/notebook-cells.ts';
import type { ServerAnswer, ServerQuestion } from '../api/schemas/notebook-requests.ts';
import type { Database } from '../db/client.ts';
import { readRows } from '../results/list-results.ts';
import { checkSpec } from '../runs/check-spec.ts';
import { RunError } from '../runs/errors.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { paperTable } from './paper-table.ts';
import { queryTable, tableOfRows } from './results-table.ts';

/** The newest finished run of exactly this spec, this installation's before one that ships. */
async function runAnswer(db: Database, input: unknown): Promise<ServerAnswer> {
  const { spec, issues } = await checkSpec(input);
  if (spec === null || issues.length > 0) {
    return { status: 'error', message: issues.map(({ message }) => message).join(' ') };
  }
  const { hash } = hashSpec(spec);
  const run = await db.run.findFirst({
    where: { specHash: hash, state: 'done' },
    orderBy: [{ shipped: 'asc' }, { finishedAt: 'desc' }],
    select: { id: true },
  });
  if (run === null) return { status: 'stale', message: 'No finished run has exactly this spec.' };
  const table = tableOfRows(await readRows(db, [run.id]), notebookColumns);
  return { status: 'ok', value: { kind: 'table', table } };
}

export async function answerQuestion(
  db: Database,
  question: ServerQuestion,
): Promise<ServerAnswer> {
  try {
    switch (question.kind) {
      case 'query': {
        const table = await queryTable(db, question.q, question.columns);
        return { status: 'ok', value: { kind: 'table', table } };
      }
      case 'paper':
        return { status: 'ok', value: { kind: 'table', table: await paperTable(db, question) } };
      case 'run':
        return await runAnswer(db, question.spec);
    }
  } catch (error) {
    if (error instanceof RunError) return { status: 'error', message: error.message };
    throw error;
  }
}

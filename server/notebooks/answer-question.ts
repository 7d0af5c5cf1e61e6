/** Use case: the answer to one question of a notebook. What is wrong with the question is an answer too. */
import type { ServerAnswer, ServerQuestion } from '../api/schemas/notebook-requests.ts';
import type { Database } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import { runAnswer } from './cell-runs.ts';
import { paperTable } from './paper-table.ts';
import { notebookColumns, queryTable } from './results-table.ts';
import { profile } from './run-charts.ts';

export async function answerQuestion(
  db: Database,
  question: ServerQuestion,
): Promise<ServerAnswer> {
  try {
    switch (question.kind) {
      case 'query': {
        const table = await queryTable(db, question.q, question.columns ?? notebookColumns);
        return { status: 'ok', value: { kind: 'table', table } };
      }
      case 'paper':
        return { status: 'ok', value: { kind: 'table', table: await paperTable(db, question) } };
      case 'run':
        return await runAnswer(db, question.spec);
      case 'profile':
        return { status: 'ok', value: { kind: 'table', table: await profile(db, question) } };
    }
  } catch (error) {
    if (error instanceof RunError) return { status: 'error', message: error.message };
    throw error;
  }
}

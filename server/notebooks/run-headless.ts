/**
 * Use case: a notebook without a page. Queries, papers, charts' data and assertions are computed; run
 * cells only where the caller runs them; JavaScript needs the sandbox of a browser and is never run here.
 */
import type { Cell, Notebook } from '../api/schemas/notebook-cells.ts';
import { nameOf } from '../api/schemas/notebook-cells.ts';
import {
  evaluateNotebook,
  type Answered,
  type Evaluation,
  type Outcome,
} from '../api/schemas/notebook-evaluate.ts';
import { formatPlain } from '../api/schemas/notebook-table.ts';
import { plural } from '../api/schemas/format.ts';
import type { Database } from '../db/client.ts';
import { answerQuestion } from './answer-question.ts';

/** Makes a stale run cell fresh: by running its spec, or not at all. */
export type OnStale = (cell: Cell, spec: unknown) => Promise<boolean>;

export interface CellReport {
  readonly id: string;
  readonly kind: Cell['kind'];
  readonly name: string | null;
  /** `failed`: an assertion that is false. `skipped`: it was not computed here. */
  readonly status: 'ok' | 'failed' | 'error' | 'stale' | 'skipped';
  readonly text: string;
}

export interface HeadlessReport {
  readonly cells: readonly CellReport[];
  /** False where an assertion is false or could not be judged, or a cell has an error. */
  readonly passed: boolean;
  readonly evaluation: Evaluation;
}

const noSandbox = 'JavaScript runs in a browser only';

async function answerAll(
  db: Database,
  { open }: Evaluation,
  answers: Map<string, Answered>,
): Promise<void> {
  for (const [key, question] of open) {
    answers.set(
      key,
      question.kind === 'javascript'
        ? { status: 'stale', message: noSandbox }
        : await answerQuestion(db, {
            ...question,
            ...(question.kind === 'query' ? { columns: [...question.columns] } : {}),
          } as Parameters<typeof answerQuestion>[1]),
    );
  }
}

/** Answers questions until none is left; stale run cells are offered to `onStale` once each. */
export async function runHeadless(
  db: Database,
  notebook: Notebook,
  onStale: OnStale,
): Promise<HeadlessReport> {
  const answers = new Map<string, Answered>();
  const offered = new Set<string>();
  let evaluation = evaluateNotebook(notebook, answers);
  for (;;) {
    if (evaluation.open.size > 0) {
      await answerAll(db, evaluation, answers);
      evaluation = evaluateNotebook(notebook, answers);
      continue;
    }
    const stale = notebook.cells.find((cell) => {
      const result = evaluation.results.get(cell.id);
      return (
        cell.kind === 'run' &&
        !offered.has(cell.id) &&
        result?.question?.kind === 'run' &&
        result.outcome.status === 'stale'
      );
    });
    const question =
      stale === undefined ? null : (evaluation.results.get(stale.id)?.question ?? null);
    if (stale === undefined || question?.kind !== 'run') break;
    offered.add(stale.id);
    if (await onStale(stale, question.spec)) {
      // What a run adds, queries may find too.
      for (const [key] of answers) if (!key.includes('"kind":"javascript"')) answers.delete(key);
      evaluation = evaluateNotebook(notebook, answers);
    }
  }
  const cells = notebook.cells.map((cell) =>
    reportOf(cell, evaluation.results.get(cell.id)?.outcome),
  );
  const bad = cells.some(
    ({ kind, status }) =>
      status === 'failed' || status === 'error' || (kind === 'assertion' && status !== 'ok'),
  );
  return { cells, passed: !bad, evaluation };
}

function okText(cell: Cell, value: Extract<Outcome, { status: 'ok' }>['value']): string {
  if (value === null) return '';
  if (value.kind === 'scalar') return formatPlain(value.scalar.value, value.scalar.format);
  const { rows, total } = value.table;
  const all = plural(total, 'row');
  if (cell.kind === 'chart')
    return `${cell.chart} of ${cell.y} over ${cell.x}, ${plural(rows.length, 'point')}`;
  return rows.length < total ? `${all}, the first ${rows.length} here` : all;
}

function reportOf(cell: Cell, outcome: Outcome | undefined): CellReport {
  const head = { id: cell.id, kind: cell.kind, name: nameOf(cell) };
  if (outcome === undefined || outcome.status === 'waiting') {
    return { ...head, status: 'error', text: 'it got no answer.' };
  }
  if (outcome.status === 'ok') {
    const { value } = outcome;
    const isFalse =
      cell.kind === 'assertion' && value?.kind === 'scalar' && value.scalar.value !== true;
    return {
      ...head,
      status: isFalse ? 'failed' : 'ok',
      text: cell.kind === 'assertion' ? cell.source.trim() : okText(cell, value),
    };
  }
  const isSkipped = outcome.status === 'stale' && outcome.message === noSandbox;
  return { ...head, status: isSkipped ? 'skipped' : outcome.status, text: outcome.message };
}

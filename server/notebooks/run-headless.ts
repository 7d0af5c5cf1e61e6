/**
 * Use case: a notebook without a page. Queries, papers, charts' data and assertions are computed; run
 * cells only where the caller runs them, and JavaScript only where the caller gives what runs it: a
 * browser's sandbox is not here.
 */
import type { Cell, Notebook } from '../api/schemas/notebook-cells.ts';
import { nameOf } from '../api/schemas/notebook-kinds.ts';
import {
  evaluateNotebook,
  type Answered,
  type Evaluation,
  type OpenRuns,
  type Question,
  type Outcome,
} from '../api/schemas/notebook-evaluate.ts';
import { chartTitle } from '../api/schemas/notebook-run-charts.ts';
import { formatPlain } from '../api/schemas/notebook-table.ts';
import { plural } from '../api/schemas/format.ts';
import type { Database } from '../db/client.ts';
import type { ServerQuestion } from '../api/schemas/notebook-requests.ts';
import { EngineError } from '../engine/errors.ts';
import { RunError } from '../runs/errors.ts';
import { answerQuestion } from './answer-question.ts';
import { timeline, whatIf } from './run-charts.ts';

/** Makes a stale run cell fresh: by running its spec, or not at all. */
export type OnStale = (cell: Cell, spec: unknown, open: OpenRuns | undefined) => Promise<boolean>;

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

export type JavascriptQuestion = Extract<Question, { kind: 'javascript' }>;
export type RunJavascript = (question: JavascriptQuestion) => Promise<Answered>;

const noSandbox = 'JavaScript was not run here; --javascript runs it in a process of its own';
const withoutSandbox: RunJavascript = () =>
  Promise.resolve({ status: 'stale', message: noSandbox });

async function answerOne(
  db: Database,
  question: Question,
  runJavascript: RunJavascript,
): Promise<Answered> {
  try {
    if (question.kind === 'javascript') return await runJavascript(question);
    if (question.kind === 'whatif') return await whatIf(db, question);
    if (question.kind === 'timeline') return await timeline(db, question);
  } catch (error) {
    if (error instanceof RunError || error instanceof EngineError) {
      return { status: 'error', message: error.message };
    }
    throw error;
  }
  return answerQuestion(db, question as ServerQuestion);
}

/** Answers questions until none is left; stale run cells are offered to `onStale` once each. */
export async function runHeadless(
  db: Database,
  notebook: Notebook,
  onStale: OnStale,
  runJavascript: RunJavascript = withoutSandbox,
): Promise<HeadlessReport> {
  const answers = new Map<string, Answered>();
  const offered = new Set<string>();
  let evaluation = evaluateNotebook(notebook, answers);
  for (;;) {
    if (evaluation.open.size > 0) {
      for (const [key, open] of evaluation.open) {
        answers.set(key, await answerOne(db, open, runJavascript));
      }
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
    const result = stale === undefined ? undefined : evaluation.results.get(stale.id);
    const question = result?.question ?? null;
    if (stale === undefined || question?.kind !== 'run') break;
    offered.add(stale.id);
    const lacks = result?.outcome.status === 'stale' ? result.outcome.open : undefined;
    if (await onStale(stale, question.spec, lacks)) {
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
    return `${cell.chart}, ${chartTitle(cell)}, ${plural(rows.length, 'point')}`;
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

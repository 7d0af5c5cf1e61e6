/**
 * A notebook's results, from its cells and from what was answered so far. Pure: what has to be asked of
 * somebody (runs, papers, prices, the sandbox) comes out as questions, whose answers are put in the next
 * time. The page and the command line share it, so that they cannot differ. Browser-safe.
 */
import type { Cell, CellOf, Notebook } from './notebook-cells.ts';
import { nameOf } from './notebook-kinds.ts';
import { EvaluationError, valueOf, type Lookup } from './notebook-evaluate-expression.ts';
import { ExpressionError, placeholdersOf } from './notebook-expression.ts';
import { graphOf, type Graph } from './notebook-graph.ts';
import {
  asksForRuns,
  runsQuestion,
  type NamedId,
  type ProfileAxis,
} from './notebook-run-charts.ts';
import {
  columnIndex,
  formatPlain,
  runsOf,
  type CellValue,
  type PlainValue,
  type Scalar,
} from './notebook-table.ts';

/** What a cell needs from outside. The same question always has the same key. */
export type Question =
  /** `columns` null: all that a run is asked for and gives. */
  | { readonly kind: 'query'; readonly q: string; readonly columns: readonly string[] | null }
  | {
      readonly kind: 'paper';
      readonly paper: CellOf<'paper'>['paper'];
      readonly table: string;
      readonly row: string | null;
      readonly column: string | null;
    }
  /** The newest finished run of exactly this spec; of a spec with lists, of every combination. */
  | { readonly kind: 'run'; readonly spec: unknown }
  /** These runs on another network, replayed from their recordings; null = each on its own. */
  | {
      readonly kind: 'whatif';
      readonly runs: readonly NamedId[];
      readonly rttMs: number | null;
      readonly bitsPerSecond: number | null;
    }
  /** What every role of a run did, layer by layer, on the clock of its replay. */
  | { readonly kind: 'timeline'; readonly run: NamedId }
  /** Where time and bytes of these runs went. */
  | {
      readonly kind: 'profile';
      readonly runs: readonly NamedId[];
      readonly by: ProfileAxis;
    }
  | {
      readonly kind: 'javascript';
      readonly code: string;
      readonly inputs: Readonly<Record<string, CellValue>>;
    };

export type Answered =
  | { readonly status: 'ok'; readonly value: CellValue }
  | { readonly status: 'error'; readonly message: string }
  /** A run cell whose spec nobody has run yet. */
  | { readonly status: 'stale'; readonly message: string; readonly open?: OpenRuns };

/** What a run cell lacks. */
export interface OpenRuns {
  /** Runs that the spec asks for. */
  readonly of: number;
  /** SHA-256 of the specs that have no finished run. */
  readonly missing: readonly string[];
  /** Ids of runs of these specs that are queued or under way, the oldest first. */
  readonly pending: readonly string[];
  /** Of specs with neither: the newest run that ended without a result. */
  readonly stopped: readonly { readonly id: string; readonly state: string }[];
}

export type Outcome =
  | { readonly status: 'ok'; readonly value: CellValue | null }
  | { readonly status: 'waiting' }
  | { readonly status: 'stale'; readonly message: string; readonly open?: OpenRuns }
  | { readonly status: 'error'; readonly message: string };

export interface CellResult {
  readonly outcome: Outcome;
  /** What it asks, where it asks something; also when the answer is there. */
  readonly question: Question | null;
  readonly isPinned: boolean;
}

export interface Evaluation {
  readonly graph: Graph;
  readonly results: ReadonlyMap<string, CellResult>;
  /** Questions without an answer, by key. */
  readonly open: ReadonlyMap<string, Question>;
}

export const keyOf = (question: Question): string => JSON.stringify(question);

const ok = (value: CellValue | null): Outcome => ({ status: 'ok', value });
const failed = (error: unknown): Outcome => {
  if (error instanceof ExpressionError || error instanceof EvaluationError) {
    return { status: 'error', message: error.message };
  }
  throw error;
};

/** An input's value as a scalar; a network is its name. */
export function inputValue({ control }: CellOf<'input'>): Scalar {
  const value: PlainValue = control.kind === 'network' ? control.value.name : control.value;
  return { value, format: 'plain', runs: [], classes: [] };
}

/** A query's text with the inputs' values in their places. @throws ExpressionError, EvaluationError */
export function filledText(source: string, lookup: Lookup): string {
  return placeholdersOf(source).reduceRight((text, { from, to, text: expression }) => {
    const { value } = valueOf(expression, lookup);
    // A word with a space is one word in the query language only in quotes.
    const written = value === null ? '' : String(value);
    const word = /[\s"]/.test(written) ? `"${written.replaceAll('"', '')}"` : written;
    return `${text.slice(0, from)}${word}${text.slice(to)}`;
  }, source);
}

/** A spec's JSON with inputs in the places of "{{name}}". @throws EvaluationError, ExpressionError */
export function filledSpec(source: string, cells: readonly Cell[], lookup: Lookup): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch (error) {
    throw new EvaluationError(
      `the spec is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const networks = new Map(
    cells.flatMap((cell): [string, unknown][] =>
      cell.kind === 'input' && cell.control.kind === 'network'
        ? [[cell.name, cell.control.value]]
        : [],
    ),
  );
  const fill = (value: unknown, depth: number): unknown => {
    if (depth > 30) throw new EvaluationError('the spec is nested too deeply.');
    if (typeof value === 'string') {
      const [whole] = placeholdersOf(value);
      if (whole === undefined) return value;
      if (whole.from !== 0 || whole.to !== value.length) return filledText(value, lookup);
      return networks.get(whole.text.trim()) ?? valueOf(whole.text, lookup).value;
    }
    if (Array.isArray(value)) return value.map((one: unknown) => fill(one, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, fill(one, depth + 1)]),
    );
  };
  return fill(parsed, 0);
}

/** Named results that are there. */
export const lookupOf =
  ({ graph, results }: Pick<Evaluation, 'graph' | 'results'>): Lookup =>
  (name) => {
    const id = graph.owners.get(name);
    const outcome = id === undefined ? undefined : results.get(id)?.outcome;
    return outcome?.status === 'ok' ? (outcome.value ?? undefined) : undefined;
  };

/** All results that can be said with these answers. */
export function evaluateNotebook(
  { cells }: Pick<Notebook, 'cells'>,
  answers: ReadonlyMap<string, Answered>,
): Evaluation {
  const graph = graphOf(cells);
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const results = new Map<string, CellResult>();
  const open = new Map<string, Question>();

  const lookup = lookupOf({ graph, results });

  /** Why a cell cannot be computed yet, because of one that it uses; null where it can. */
  const blocked = (cell: Cell): Outcome | null => {
    const used = (graph.uses.get(cell.id) ?? []).map((id) => ({ id, result: results.get(id) }));
    for (const { id, result } of used) {
      const owner = byId.get(id);
      const name = owner === undefined ? id : (nameOf(owner) ?? id);
      const outcome = result?.outcome;
      if (outcome === undefined || outcome.status === 'error') {
        return { status: 'error', message: `It rests on ${name}, which has an error.` };
      }
    }
    const stale = used.find(({ result }) => result?.outcome.status === 'stale');
    if (stale !== undefined) {
      const owner = byId.get(stale.id);
      const name = owner === undefined ? stale.id : (nameOf(owner) ?? stale.id);
      return { status: 'stale', message: `It rests on ${name}, which has to be run first.` };
    }
    return used.some(({ result }) => result?.outcome.status === 'waiting')
      ? { status: 'waiting' }
      : null;
  };

  const asked = (question: Question): { outcome: Outcome; question: Question } => {
    const key = keyOf(question);
    const answer = answers.get(key);
    if (answer === undefined) open.set(key, question);
    return { outcome: answer ?? { status: 'waiting' }, question };
  };

  const compute = (cell: Cell): { readonly outcome: Outcome; readonly question?: Question } => {
    switch (cell.kind) {
      case 'markdown':
        return { outcome: ok(null) };
      case 'input':
        return { outcome: ok({ kind: 'scalar', scalar: inputValue(cell) }) };
      case 'assertion':
        return { outcome: judged(cell, lookup) };
      case 'query':
        return asked({
          kind: 'query',
          q: filledText(cell.source, lookup).trim(),
          columns: cell.columns ?? null,
        });
      case 'paper': {
        const { paper, table, row = null, column = null } = cell;
        return asked({ kind: 'paper', paper, table, row, column });
      }
      case 'run':
        return asked({ kind: 'run', spec: filledSpec(cell.source, cells, lookup) });
      case 'javascript': {
        const inputs = cell.uses.map((name): [string, CellValue | undefined] => [
          name,
          lookup(name),
        ]);
        const missing = inputs.find(([, value]) => value === undefined);
        if (missing !== undefined)
          throw new EvaluationError(`there is no cell named "${missing[0]}".`);
        const given = Object.fromEntries(inputs) as Record<string, CellValue>;
        return asked({ kind: 'javascript', code: cell.source, inputs: given });
      }
      case 'chart':
        return asksForRuns(cell)
          ? asked(runsQuestion(cell, lookup))
          : { outcome: drawn(cell, lookup) };
      case 'compare':
        return { outcome: drawn(cell, lookup) };
    }
  };

  for (const id of graph.order) {
    const cell = byId.get(id);
    if (cell === undefined) continue;
    const { pinned } = cell;
    if (pinned !== undefined) {
      results.set(id, { outcome: ok(pinned.value), question: null, isPinned: true });
      continue;
    }
    // A text is shown whatever it rests on: each of its places says for itself what is wrong.
    const outcome = cell.kind === 'markdown' ? null : blocked(cell);
    if (outcome !== null) {
      results.set(id, { outcome, question: null, isPinned: false });
      continue;
    }
    try {
      const { outcome: computed, question = null } = compute(cell);
      results.set(id, { outcome: computed, question, isPinned: false });
    } catch (error) {
      results.set(id, { outcome: failed(error), question: null, isPinned: false });
    }
  }
  for (const [id, { message }] of graph.errors) {
    results.set(id, { outcome: { status: 'error', message }, question: null, isPinned: false });
  }
  return { graph, results, open };
}

function judged({ source }: CellOf<'assertion'>, lookup: Lookup): Outcome {
  if (source.trim() === '')
    throw new EvaluationError('the assertion is empty; write for example count(runs) > 0.');
  const scalar = valueOf(source, lookup);
  if (typeof scalar.value !== 'boolean') {
    const shown = formatPlain(scalar.value, scalar.format);
    throw new EvaluationError(
      `it is ${shown === '' ? 'nothing' : shown}, neither true nor false; compare it with something.`,
    );
  }
  return ok({ kind: 'scalar', scalar });
}

/** A chart or comparison shows a table that is there, with columns that it has. */
function drawn(cell: CellOf<'chart' | 'compare'>, lookup: Lookup): Outcome {
  if (cell.table === '') throw new EvaluationError('choose a table.');
  const found = lookup(cell.table);
  if (found === undefined) throw new EvaluationError(`there is no cell named "${cell.table}".`);
  if (found.kind !== 'table')
    throw new EvaluationError(`${cell.table} is a single value, not a table.`);
  if (cell.kind === 'compare') {
    const runs = runsOf(found.table.rows);
    if (runs.length === 0)
      throw new EvaluationError(`no row of ${cell.table} has a run behind it.`);
    return ok(found);
  }
  for (const key of [cell.x, cell.y, ...(cell.group === undefined ? [] : [cell.group])]) {
    if (columnIndex(found.table, key) < 0) {
      throw new EvaluationError(`${cell.table} has no column "${key}"; choose another.`);
    }
  }
  return ok(found);
}

/**
 * Use cases of run cells: what is there of the runs that a spec asks for, and making what is not. A spec
 * may have lists; then it asks for every combination, and a run is found by the hash of its own spec, so
 * that a sweep that shares runs with another needs only the others.
 */
import { randomBytes } from 'node:crypto';
import { requireQuota } from '../accounts/quotas.ts';
import type { ServerAnswer } from '../api/schemas/notebook-requests.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import { endStates, type RunOrigin, type RunState } from '../api/schemas/run-view.ts';
import { expandSweep, sweepTagStart } from '../api/schemas/sweep.ts';
import { mostSweepRuns, sweepSize } from '../api/schemas/sweep-size.ts';
import type { Database } from '../db/client.ts';
import { annotateRuns } from '../results/annotate-runs.ts';
import { readRows } from '../results/list-results.ts';
import { checkSpec } from '../runs/check-spec.ts';
import { createRun, type RunContext } from '../runs/create-run.ts';
import { RunError } from '../runs/errors.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { requireSweep } from '../runs/sweep-lists.ts';
import { notebookColumns, tableOfRows } from './results-table.ts';

interface AskedRun {
  readonly spec: RunSpec;
  readonly hash: string;
}

/** Every run that a spec asks for, each judged. @throws RunError 'invalid' naming the first that cannot be */
async function askedRuns(input: unknown): Promise<readonly AskedRun[]> {
  const sweep = requireSweep(input);
  const size = sweepSize(sweep.axes);
  if (size > mostSweepRuns) {
    throw new RunError(
      'invalid',
      `the lists multiply to ${size} runs, one cell has at most ${mostSweepRuns}. Shorten a list.`,
    );
  }
  const candidates = expandSweep(sweep);
  const asked = new Map<string, AskedRun>();
  for (const [index, candidate] of candidates.entries()) {
    const { spec, issues } = await checkSpec(candidate);
    if (spec === null || issues.length > 0) {
      const which = candidates.length === 1 ? '' : `run ${index + 1} of ${candidates.length}: `;
      const said = `${which}${issues.map(({ message }) => message).join(' ')}`;
      throw new RunError('invalid', said, issues);
    }
    const { hash } = hashSpec(spec);
    asked.set(hash, { spec, hash });
  }
  return [...asked.values()];
}

/** The newest finished run of each spec, this installation's before one that ships; by hash. */
async function finishedRuns(
  db: Database,
  asked: readonly AskedRun[],
): Promise<ReadonlyMap<string, string>> {
  const found = await db.run.findMany({
    where: { specHash: { in: asked.map(({ hash }) => hash) }, state: 'done' },
    orderBy: [{ shipped: 'desc' }, { finishedAt: 'asc' }],
    select: { id: true, specHash: true },
  });
  // Of several the last in this order stays.
  return new Map(found.map(({ id, specHash }) => [specHash, id]));
}

/** A table with a row for each run, in the order of the lists; or what is missing of it. */
export async function runAnswer(db: Database, input: unknown): Promise<ServerAnswer> {
  const asked = await askedRuns(input);
  const finished = await finishedRuns(db, asked);
  const missing = asked.flatMap(({ hash }) => (finished.has(hash) ? [] : [hash]));
  if (missing.length === 0) {
    const rows = await readRows(db, [
      ...new Set(asked.flatMap(({ hash }) => finished.get(hash) ?? [])),
    ]);
    return { status: 'ok', value: { kind: 'table', table: tableOfRows(rows, notebookColumns) } };
  }
  const others = await db.run.findMany({
    where: { specHash: { in: missing } },
    orderBy: { createdAt: 'asc' },
    select: { id: true, state: true, specHash: true },
  });
  const isOpen = ({ state }: { readonly state: RunState }): boolean => !endStates.includes(state);
  const pending = others.filter(isOpen);
  const waiting = new Set(pending.map(({ specHash }) => specHash));
  // The last of a spec stays.
  const stopped = new Map(
    others.filter((run) => !waiting.has(run.specHash)).map((run) => [run.specHash, run]),
  );
  return {
    status: 'stale',
    message:
      asked.length === 1
        ? 'No finished run has exactly this spec.'
        : `${asked.length - missing.length} of its ${asked.length} runs are there.`,
    open: {
      of: asked.length,
      missing,
      pending: pending.map(({ id }) => id),
      stopped: [...stopped.values()].map(({ id, state }) => ({ id, state })),
    },
  };
}

export interface QueuedMissing {
  /** Of the runs that were queued now, in the order of the lists. */
  readonly ids: readonly string[];
  /** They share it; null for a single run. */
  readonly tag: string | null;
  /** Runs that were there already, finished or under way. */
  readonly had: number;
}

/**
 * Queues what a run cell lacks: specs that have neither a finished run nor one under way. All are judged
 * before the first is queued.
 * @throws RunError 'invalid'
 */
export async function queueMissing(
  context: RunContext,
  input: unknown,
  origin: RunOrigin = 'web',
): Promise<QueuedMissing> {
  const { db } = context;
  const asked = await askedRuns(input);
  const there = await db.run.findMany({
    where: {
      specHash: { in: asked.map(({ hash }) => hash) },
      OR: [{ state: 'done' }, { state: { notIn: [...endStates] } }],
    },
    select: { specHash: true },
  });
  const known = new Set(there.map(({ specHash }) => specHash));
  const missing = asked.filter(({ hash }) => !known.has(hash));
  await requireQuota(db, context.userId ?? null, missing.length);
  const ids: string[] = [];
  for (const { spec } of missing) ids.push((await createRun(context, spec, origin)).id);
  const tag =
    asked.length > 1 && ids.length > 0 ? `${sweepTagStart}${randomBytes(4).toString('hex')}` : null;
  if (tag !== null) await annotateRuns(db, ids, { kind: 'tag', tag, on: true });
  return { ids, tag, had: asked.length - ids.length };
}

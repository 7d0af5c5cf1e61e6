/** Use case: everything that a comparison of any number of runs needs, in one answer. Reads only. */
import type { CompareAsked } from '../api/schemas/compare-request.ts';
import type { ComparedRun, ComparedRuns, RunProfile } from '../api/schemas/compare-run.ts';
import type { ResultRow } from '../api/schemas/results-row.ts';
import type { Database } from '../db/client.ts';
import { findIds, readRows } from '../results/list-results.ts';
import { RunError } from '../runs/errors.ts';

/** What people wrote about a run stays behind: a comparison is published, a note need not be. */
function toCompared(row: ResultRow): ComparedRun {
  const { tags: _tags, note: _note, starred: _starred, archivedAt: _archivedAt, ...run } = row;
  return run;
}

/**
 * Runs in the order asked for, none left out silently: those that are not stored are named.
 * @throws RunError 'invalid' for a query that cannot be read
 */
export async function readComparison(db: Database, asked: CompareAsked): Promise<ComparedRuns> {
  const ids = 'ids' in asked ? [...new Set(asked.ids)] : (await findIds(db, asked.q)).ids;
  const runs = (await readRows(db, ids)).map(toCompared);
  const found = new Set(runs.map(({ id }) => id));
  return { runs, missing: ids.filter((id) => !found.has(id)) };
}

/**
 * Where time and bytes of these runs went, in the order asked for.
 * @throws RunError 'notFound' naming the first run that is not stored
 */
export async function readProfiles(
  db: Database,
  ids: readonly string[],
): Promise<readonly RunProfile[]> {
  const rows = await db.run.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, operations: { orderBy: { ordinal: 'asc' } } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    if (row === undefined) throw new RunError('notFound', `there is no run ${id}.`);
    return {
      id,
      operations: row.operations.map((operation) => ({
        path: operation.path,
        op: operation.op,
        phase: operation.phase,
        calls: operation.calls,
        elements: Number(operation.elements),
        bytesSent: operation.bytesSent.map(Number),
        predictedBytesSent:
          operation.predictedBytesSent.length === 0
            ? null
            : operation.predictedBytesSent.map(Number),
        dealerBytes: Number(operation.dealerBytes),
        predictedDealerBytes:
          operation.predictedDealerBytes === null ? null : Number(operation.predictedDealerBytes),
        computeMs: operation.computeMs,
        waitMs: operation.waitMs,
      })),
    };
  });
}

/** What charts of runs ask: profiles out of the database, what-ifs and timelines out of recordings. */
import type { Question } from '../api/schemas/notebook-evaluate.ts';
import type { ServerAnswer } from '../api/schemas/notebook-requests.ts';
import {
  profileTable,
  timelineTable,
  whatIfRow,
  whatIfTable,
  type ProfileAxis,
  type ProfileRow,
  type WhatIfRow,
} from '../api/schemas/notebook-run-charts.ts';
import type { DataTable, RowClass } from '../api/schemas/notebook-table.ts';
import type { OperationRow } from '../api/schemas/run-view.ts';
import { readProfiles } from '../compare/read-comparison.ts';
import type { Database } from '../db/client.ts';
import { layerLanes, unpackReplay, whatIfNumbers } from '../network/replay/what-if.ts';
import { readRows } from '../results/list-results.ts';
import { RunError } from '../runs/errors.ts';
import { readReplay } from '../runs/read-replay.ts';

type Asked<K extends Question['kind']> = Extract<Question, { kind: K }>;

const keyOf = ({ op, path }: OperationRow, by: ProfileAxis): string =>
  by === 'operation' ? op : path.split('.').slice(0, 2).join('.') || '(none)';

/** Rows of one run, the longest first. */
function rowsOf(
  run: { readonly id: string; readonly name: string; readonly class: RowClass },
  operations: readonly OperationRow[],
  by: ProfileAxis,
): readonly ProfileRow[] {
  const sums = new Map<string, { -readonly [K in keyof ProfileRow]: ProfileRow[K] }>();
  for (const operation of operations) {
    if (operation.phase !== 'online') continue;
    const key = keyOf(operation, by);
    let row = sums.get(key);
    if (row === undefined) {
      row = { ...run, key, computeMs: 0, waitMs: 0, sentBytes: 0, calls: 0 };
      sums.set(key, row);
    }
    row.computeMs += operation.computeMs;
    row.waitMs += operation.waitMs;
    row.sentBytes += operation.bytesSent.reduce((total, bytes) => total + bytes, 0);
    row.calls += operation.calls;
  }
  return [...sums.values()].toSorted((a, b) => b.computeMs + b.waitMs - (a.computeMs + a.waitMs));
}

/** @throws RunError 'notFound' where none of the runs is stored any more */
export async function profile(
  db: Database,
  { runs, by }: Pick<Asked<'profile'>, 'runs' | 'by'>,
): Promise<DataTable> {
  const stored = new Map(
    (
      await readRows(
        db,
        runs.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  const there = runs.filter(({ id }) => stored.has(id));
  if (there.length === 0) {
    throw new RunError('notFound', 'the runs behind it are no longer stored; they were deleted.');
  }
  const profiles = await readProfiles(
    db,
    there.map(({ id }) => id),
  );
  const rows = there.flatMap((run, index) => {
    const row = stored.get(run.id);
    const { provenance = 'measured', shipped = false } = row ?? {};
    const of: RowClass = shipped && provenance === 'measured' ? 'measured, shipped' : provenance;
    return rowsOf({ ...run, class: of }, profiles[index]?.operations ?? [], by);
  });
  return profileTable(by, rows);
}

/** A run's recording; null without one, also where the file is gone. */
async function recordingOf(db: Database, id: string) {
  try {
    const file = await readReplay(db, id);
    return file === null ? null : unpackReplay(file);
  } catch (error) {
    if (error instanceof RunError && error.kind === 'notFound') return null;
    throw error;
  }
}

/** The same numbers as the page's worker gives, for whoever has no page. */
export async function whatIf(
  db: Database,
  { runs, rttMs, bitsPerSecond }: Asked<'whatif'>,
): Promise<ServerAnswer> {
  const rows: WhatIfRow[] = [];
  for (const run of runs) {
    const recording = await recordingOf(db, run.id);
    const numbers = recording === null ? null : whatIfNumbers(recording, { rttMs, bitsPerSecond });
    rows.push(whatIfRow(run, numbers, { rttMs, bitsPerSecond }));
  }
  return { status: 'ok', value: { kind: 'table', table: whatIfTable(rows) } };
}

/** @throws RunError 'notFound' for a run without a recording */
export async function timeline(db: Database, { run }: Asked<'timeline'>): Promise<ServerAnswer> {
  const recording = await recordingOf(db, run.id);
  if (recording === null) {
    throw new RunError('notFound', `run ${run.id} has no recording, or was deleted.`);
  }
  const table = timelineTable(run, layerLanes(recording));
  return { status: 'ok', value: { kind: 'table', table } };
}

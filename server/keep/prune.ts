/**
 * Retention: traces and recordings of old runs are let go; the run, its numbers, its certificate, its
 * what-if and its logs stay. Starred and published runs keep everything. Nobody does this by itself.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Database } from '../db/client.ts';
import { recordingsArtifact } from '../network/replay/replay-file.ts';
import { liveWhere } from '../permalinks/read-permalink.ts';
import { appendEvent, plainEvent } from '../runs/events.ts';
import { endStates } from '../api/schemas/run-view.ts';

export interface PruneOptions {
  readonly dataFolder: string;
  /** Runs that ended earlier. */
  readonly before: Date;
  /** Counts only. */
  readonly dryRun: boolean;
}

export interface PruneReport {
  readonly runs: number;
  readonly files: number;
  readonly bytes: number;
  /** Files that no row speaks of: what a killed worker left. Counted in `files` and `bytes` too. */
  readonly orphans: number;
}

const isLetGo = (name: string): boolean =>
  name === recordingsArtifact || /^(partial-)?trace(-[a-z0-9-]+)?\.json$/.test(name);

/** A worker writes a file before its row: younger ones may be of a run that goes on. */
const orphanAgeMs = 24 * 3600 * 1000;

/** @throws the database's or the file system's error; may be repeated, and then goes on */
export async function prune(db: Database, options: PruneOptions): Promise<PruneReport> {
  const { dataFolder, before, dryRun } = options;
  const old = await db.artifact.findMany({
    where: {
      run: {
        state: { in: [...endStates] },
        finishedAt: { lt: before },
        starred: false,
        permalinks: { none: liveWhere(new Date()) },
      },
    },
    select: { runId: true, name: true, path: true, bytes: true },
    orderBy: [{ runId: 'asc' }, { name: 'asc' }],
  });
  const rows = old.filter(({ name }) => isLetGo(name));
  const runs = new Set(rows.map(({ runId }) => runId));
  const orphans = await orphansOf(db, dataFolder);
  if (!dryRun) {
    for (const { runId, name, path } of rows) {
      // The row first: a file that nobody speaks of is found again, a row without its file is a defect.
      await db.artifact.delete({ where: { runId_name: { runId, name } } });
      await rm(join(dataFolder, 'blobs', path), { force: true });
    }
    for (const runId of runs) {
      const { state } = await db.run.findUniqueOrThrow({
        where: { id: runId },
        select: { state: true },
      });
      const said = 'Traces and recordings were let go; what they were summed up to is still here.';
      await appendEvent(db, runId, plainEvent('log', state, said));
    }
    for (const { path } of orphans) await rm(join(dataFolder, 'blobs', path), { force: true });
  }
  const bytes = [...rows.map((row) => Number(row.bytes)), ...orphans.map((one) => one.bytes)];
  return {
    runs: runs.size,
    files: bytes.length,
    bytes: bytes.reduce((sum, count) => sum + count, 0),
    orphans: orphans.length,
  };
}

async function orphansOf(
  db: Database,
  dataFolder: string,
): Promise<{ readonly path: string; readonly bytes: number }[]> {
  const root = join(dataFolder, 'blobs');
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const known = new Set(
    (await db.artifact.findMany({ select: { path: true } })).map(({ path }) => path),
  );
  const orphans: { path: string; bytes: number }[] = [];
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(root, file);
    if (!entry.isFile() || known.has(path)) continue;
    const { size, mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > orphanAgeMs) orphans.push({ path, bytes: size });
  }
  return orphans;
}

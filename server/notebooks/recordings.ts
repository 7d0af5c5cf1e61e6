/**
 * Use cases of what-ifs and timelines: which of their runs cannot be replayed, since they came with Parley
 * or are older than recordings are, and making them here, which records them.
 */
import { requireQuota } from '../accounts/quotas.ts';
import type { Unrecorded, UnrecordedRun } from '../api/schemas/notebook-requests.ts';
import { endStates, type RunOrigin } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { replayArtifact } from '../network/replay/replay-file.ts';
import { predictLatency } from '../runs/calibration/predict-latency.ts';
import { createRun, type RunContext } from '../runs/create-run.ts';
import { aroundMs, batchesMs } from '../runs/run-time.ts';
import { readSummary } from '../runs/views.ts';

/** Runs without a recording, each with the run of the same spec that has one or is being made. */
async function unrecordedRuns(
  db: Database,
  ids: readonly string[],
): Promise<readonly (UnrecordedRun & { readonly specHash: string })[]> {
  const recorded = { some: { name: replayArtifact } };
  const runs = await db.run.findMany({
    where: { id: { in: [...new Set(ids)] }, state: 'done', NOT: { artifacts: recorded } },
    orderBy: { createdAt: 'asc' },
    select: { id: true, specHash: true, provenance: true },
  });
  const asked = runs.filter(({ provenance }) => provenance !== 'imported');
  const others = await db.run.findMany({
    where: {
      specHash: { in: asked.map(({ specHash }) => specHash) },
      OR: [{ state: 'done', artifacts: recorded }, { state: { notIn: [...endStates] } }],
    },
    orderBy: { createdAt: 'asc' },
    select: { id: true, specHash: true, state: true },
  });
  return asked.map(({ id, specHash }) => {
    const same = others.filter((other) => other.specHash === specHash);
    return {
      id,
      specHash,
      twin: same.findLast(({ state }) => state === 'done')?.id ?? null,
      pending: same.find(({ state }) => state !== 'done')?.id ?? null,
    };
  });
}

/** The first run of each spec that has neither a recorded twin nor one under way. */
const toMake = <T extends UnrecordedRun & { readonly specHash: string }>(
  runs: readonly T[],
): readonly T[] => [
  ...new Map(
    runs
      .filter(({ twin, pending }) => twin === null && pending === null)
      .map((run) => [run.specHash, run]),
  ).values(),
];

/** What cannot be replayed of these runs, and how long making the rest would take. */
export async function unrecorded(db: Database, ids: readonly string[]): Promise<Unrecorded> {
  const runs = await unrecordedRuns(db, ids);
  const missing = toMake(runs);
  let runMs = 0;
  if (missing.length > 0) {
    const around = await aroundMs(db);
    for (const { id } of missing) {
      const { spec } = await readSummary(db, id);
      const sizes = { samples: spec.dataset.samples, ...spec.measurement };
      runMs += around + batchesMs(await predictLatency(db, spec), sizes);
    }
  }
  return {
    runs: runs.map(({ specHash: _hash, ...run }) => run),
    toMake: missing.length,
    runMs,
  };
}

/**
 * Queues the specs of runs that cannot be replayed, each once; those that are there or under way are not.
 * @throws RunError 'invalid' where this version no longer takes a spec, AccountsError 'quota'
 */
export async function recordRuns(
  context: RunContext,
  ids: readonly string[],
  origin: RunOrigin = 'web',
): Promise<{ readonly ids: readonly string[] }> {
  const wanted = toMake(await unrecordedRuns(context.db, ids));
  await requireQuota(context.db, context.userId ?? null, wanted.length);
  const made: string[] = [];
  for (const { id } of wanted) {
    const { spec } = await readSummary(context.db, id);
    made.push((await createRun(context, spec, origin)).id);
  }
  return { ids: made };
}

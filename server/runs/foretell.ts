/**
 * Replayed against measured: the recordings of runs with the same settings on other networks, replayed
 * on the network of this run. It is how a what-if is checked: measure the point, and see how far off it
 * was.
 */
import type { Foretold, ForetoldRun } from '../api/schemas/foretold.ts';
import { runSpecSchema, type RunSpec } from '../api/schemas/run-spec.ts';
import type { Headline } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { readRecording } from '../network/replay/codec.ts';
import { replayArtifact, type ReplayFile } from '../network/replay/replay-file.ts';
import { replay } from '../network/replay/replay.ts';
import { RunError } from './errors.ts';
import { linkChoiceOfSpec } from './link-of-spec.ts';
import { readReplay } from './read-replay.ts';
import { canonicalJson } from './spec-hash.ts';

/** Each costs a replay, up to some 50 ms. */
const mostRuns = 3;
/** Newest runs of the same model and data that are looked at. */
const mostCandidates = 100;

/** Whatever has a part in how long one inference takes, but the network. */
function settingsOf(spec: RunSpec): string {
  const { network: _, measurement, seed: __, ...rest } = spec;
  return canonicalJson({ ...rest, batchSize: measurement.batchSize });
}

/** The network without what it is called. */
function linksOf({ network }: RunSpec): string {
  const { name: _, ...links } = network;
  return canonicalJson(links);
}

const readSpec = (canonical: string): RunSpec => runSpecSchema.parse(JSON.parse(canonical));

/** As the residual of that run was taken: with as many cores. */
export function foretellFrom(file: ReplayFile, spec: RunSpec): number {
  const cores = file.residual.cores ?? Infinity;
  const link = linkChoiceOfSpec(spec.network);
  return replay(readRecording(file.recording), { link, cores }).latencyMs;
}

/** Null for a run without a result. @throws RunError 'notFound' */
export async function readForetold(db: Database, id: string): Promise<ForetoldRun | null> {
  const run = await db.run.findUnique({ where: { id }, include: { spec: true } });
  if (run === null) throw new RunError('notFound', `there is no run ${id}.`);
  // The column holds what score-run.ts made.
  const headline = run.headline as unknown as Headline | null;
  if (run.state !== 'done' || headline === null) return null;
  const spec = readSpec(run.spec.canonical);
  const { model, dataset, variant, sequenceLength } = run.spec;
  const candidates = await db.run.findMany({
    where: {
      id: { not: id },
      state: 'done',
      // What another machine recorded foretells nothing of this one, nor the other way round.
      shipped: run.shipped,
      spec: { model, dataset, variant, sequenceLength },
      artifacts: { some: { name: replayArtifact } },
    },
    include: { spec: true },
    orderBy: { createdAt: 'desc' },
    take: mostCandidates,
  });
  const alike = candidates
    .map(({ id: runId, spec: row }) => ({ runId, spec: readSpec(row.canonical) }))
    .filter((other) => settingsOf(other.spec) === settingsOf(spec))
    .filter((other) => linksOf(other.spec) !== linksOf(spec));
  const from: Foretold[] = [];
  for (const other of alike) {
    if (from.length === mostRuns) break;
    const file = await readReplay(db, other.runId);
    if (file === null) continue;
    from.push({
      runId: other.runId,
      network: other.spec.network,
      replayedMs: foretellFrom(file, spec),
      ownShare: file.residual.share,
    });
  }
  return { measuredMs: headline.onlineMs.median, n: headline.onlineMs.n, from };
}

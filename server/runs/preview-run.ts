/** Use case: the price of a spec before it runs, and whether the same was run before. */
import type { Preview } from '../api/schemas/run-view.ts';
import { runSpecSchema } from '../api/schemas/run-spec.ts';
import { warningsOf } from '../api/schemas/warnings.ts';
import type { Database } from '../db/client.ts';
import { predictLatency } from './calibration/predict-latency.ts';
import { checkSpec } from './check-spec.ts';
import { bytesByOperation, bytesByPlace, predictionOf } from './prediction.ts';
import { priceOf, wrongTruncationsOf } from './price.ts';
import { aroundMs, batchesMs, queueAhead } from './run-time.ts';
import { nextTurn } from './turns.ts';
import { canonicalJson, hashSpec, sha256 } from './spec-hash.ts';
import { median } from './statistics.ts';

/** Never throws on the spec's content: what is wrong is in `issues`. */
export async function previewRun(
  db: Database,
  input: unknown,
  userId: string | null = null,
): Promise<Preview> {
  const { spec, issues } = await checkSpec(input);
  if (spec === null || issues.length > 0) {
    const known = runSpecSchema.safeParse(input);
    return {
      specHash: known.success ? hashSpec(known.data).hash : sha256(canonicalJson(null)),
      issues: issues.map(({ field, message }) => ({ field, message })),
      warnings: [],
      prediction: null,
      memory: null,
      byPlace: [],
      byOperation: [],
      identicalRunIds: [],
      identicalRuns: 0,
      earlierWallMs: null,
      latency: null,
      runMs: null,
      queue: null,
    };
  }
  const { hash } = hashSpec(spec);
  const same = { specHash: hash, state: 'done', shipped: false } as const;
  const [{ cost, memory }, wrong, latency, around, identicalRuns, earlier] = await Promise.all([
    priceOf(spec),
    wrongTruncationsOf(spec),
    predictLatency(db, spec),
    aroundMs(db),
    db.run.count({ where: same }),
    db.run.findMany({
      where: same,
      orderBy: { createdAt: 'desc' },
      take: 20,
      select: { id: true, startedAt: true, finishedAt: true },
    }),
  ]);
  const wallMs = earlier.flatMap(({ startedAt, finishedAt }) =>
    startedAt === null || finishedAt === null ? [] : [finishedAt.getTime() - startedAt.getTime()],
  );
  return {
    specHash: hash,
    issues: [],
    warnings: warningsOf(spec),
    prediction: predictionOf(cost),
    memory,
    byPlace: bytesByPlace(cost),
    byOperation: bytesByOperation(cost),
    identicalRunIds: earlier.map(({ id }) => id),
    identicalRuns,
    earlierWallMs: wallMs.length === 0 ? null : median(wallMs).median,
    latency,
    runMs: around + batchesMs(latency, { samples: spec.dataset.samples, ...spec.measurement }),
    wrongTruncations: wrong,
    queue: await queueAhead(
      db,
      around,
      await nextTurn(db, { userId, level: 'normal', seconds: 0 }),
    ),
  };
}

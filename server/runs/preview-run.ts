/** Use case: the price of a spec before it runs, and whether the same was run before. */
import type { Preview } from '../api/schemas/run-view.ts';
import { runSpecSchema } from '../api/schemas/run-spec.ts';
import { warningsOf } from '../api/schemas/warnings.ts';
import type { Database } from '../db/client.ts';
import { checkSpec } from './check-spec.ts';
import { memoryNeedOf } from './memory-need.ts';
import { bytesByPlace, predictFullBatch, predictionOf } from './prediction.ts';
import { modelConfigOf } from './run-models.ts';
import { canonicalJson, hashSpec, sha256 } from './spec-hash.ts';
import { median } from './statistics.ts';

/** Never throws on the spec's content: what is wrong is in `issues`. */
export async function previewRun(db: Database, input: unknown): Promise<Preview> {
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
      identicalRunIds: [],
      earlierWallMs: null,
    };
  }
  const { hash } = hashSpec(spec);
  const [config, earlier] = await Promise.all([
    modelConfigOf(spec.model),
    db.run.findMany({
      where: { specHash: hash, state: 'done', shipped: false },
      orderBy: { createdAt: 'desc' },
      take: 20,
      select: { id: true, startedAt: true, finishedAt: true },
    }),
  ]);
  const cost = await predictFullBatch(spec, config);
  const wallMs = earlier.flatMap(({ startedAt, finishedAt }) =>
    startedAt === null || finishedAt === null ? [] : [finishedAt.getTime() - startedAt.getTime()],
  );
  return {
    specHash: hash,
    issues: [],
    warnings: warningsOf(spec),
    prediction: predictionOf(cost),
    memory: await memoryNeedOf(spec, config),
    byPlace: bytesByPlace(cost),
    identicalRunIds: earlier.map(({ id }) => id),
    earlierWallMs: wallMs.length === 0 ? null : median(wallMs).median,
  };
}

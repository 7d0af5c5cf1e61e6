/** Use cases: the price of a sweep, and all its runs queued at once under one tag. */
import { randomBytes } from 'node:crypto';
import { requireQuota } from '../accounts/quotas.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { RunOrigin } from '../api/schemas/run-view.ts';
import {
  expandSweep,
  sweepTagStart,
  type QueuedSweep,
  type Sweep,
  type SweepEntry,
  type SweepPrice,
} from '../api/schemas/sweep.ts';
import { mostSweepRuns, sweepSize } from '../api/schemas/sweep-size.ts';
import type { Database } from '../db/client.ts';
import { nextTurn } from './turns.ts';
import { annotateRuns } from '../results/annotate-runs.ts';
import { predictLatency } from './calibration/predict-latency.ts';
import { checkSpec } from './check-spec.ts';
import { createRun, type RunContext } from './create-run.ts';
import { RunError, specIssue } from './errors.ts';
import { priceOf } from './price.ts';
import { totalBytesOf } from './prediction.ts';
import { aroundMs, batchesMs, queueAhead } from './run-time.ts';
import { canonicalJson, hashSpec, sha256 } from './spec-hash.ts';

/** @throws RunError 'invalid' above the cap, before anything is expanded */
function specsOf(sweep: Sweep): readonly RunSpec[] {
  const size = sweepSize(sweep.axes);
  if (size <= mostSweepRuns) return expandSweep(sweep);
  const fix = 'Shorten a list.';
  const problem = `the lists multiply to ${size} runs, one sweep queues at most ${mostSweepRuns}`;
  const issue = specIssue('sweep', size, problem, fix);
  throw new RunError('invalid', issue.message, [issue]);
}

/**
 * Every run of a sweep with what stands against it and what it costs.
 * @throws RunError 'invalid' above the cap
 */
export async function priceSweep(
  db: Database,
  sweep: Sweep,
  userId: string | null = null,
): Promise<SweepPrice> {
  const specs = specsOf(sweep);
  const around = await aroundMs(db);
  const turn = await nextTurn(db, { userId, level: 'normal', seconds: 0 });
  const { waitMs } = await queueAhead(db, around, turn);
  const entries: SweepEntry[] = [];
  for (const candidate of specs) entries.push(await entryOf(db, candidate, around));
  const totalMs = entries.reduce((total, { runMs }) => total + (runMs ?? 0), 0);
  return { count: entries.length, entries, totalMs, waitMs };
}

async function entryOf(db: Database, candidate: RunSpec, around: number): Promise<SweepEntry> {
  const { spec, issues } = await checkSpec(candidate);
  if (spec === null || issues.length > 0) {
    return {
      specHash: sha256(canonicalJson(candidate)),
      spec: candidate,
      issues: issues.map(({ field, message }) => ({ field, message })),
      latency: null,
      runMs: null,
      totalBytes: null,
      identicalRuns: 0,
      identicalRunId: null,
    };
  }
  const { hash } = hashSpec(spec);
  // As a single run's preview counts them (preview-run.ts).
  const same = { specHash: hash, state: 'done', shipped: false } as const;
  const [latency, { cost }, identicalRuns, newest] = await Promise.all([
    predictLatency(db, spec),
    priceOf(spec),
    db.run.count({ where: same }),
    db.run.findFirst({ where: same, orderBy: { createdAt: 'desc' }, select: { id: true } }),
  ]);
  const sizes = { samples: spec.dataset.samples, ...spec.measurement };
  return {
    specHash: hash,
    spec,
    issues: [],
    latency,
    runMs: around + batchesMs(latency, sizes),
    totalBytes: totalBytesOf(cost),
    identicalRuns,
    identicalRunId: newest?.id ?? null,
  };
}

/**
 * Queues all runs of a sweep, or none: every spec is checked before the first is stored.
 * @throws RunError 'invalid' with the issues of the first run that cannot be run
 */
export async function createSweep(
  context: RunContext,
  sweep: Sweep,
  origin: RunOrigin = 'web',
): Promise<QueuedSweep> {
  const specs = specsOf(sweep);
  for (const [index, candidate] of specs.entries()) {
    const { issues } = await checkSpec(candidate);
    if (issues.length === 0) continue;
    const sentences = issues.map(({ message }) => message).join(' ');
    const which = `run ${index + 1} of ${specs.length}`;
    throw new RunError('invalid', `${which}: ${sentences} Nothing was queued.`, issues);
  }
  await requireQuota(context.db, context.userId ?? null, specs.length);
  const tag = `${sweepTagStart}${randomBytes(4).toString('hex')}`;
  const ids: string[] = [];
  for (const spec of specs) ids.push((await createRun(context, spec, origin)).id);
  await annotateRuns(context.db, ids, { kind: 'tag', tag, on: true });
  return { tag, ids };
}

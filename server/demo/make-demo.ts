/**
 * Use case: the demo's runs are really made here, one after the other, and written to a file. What was
 * made before with the same engine is not made again, so it can be interrupted and goes on.
 */
import type { LatencyPrediction } from '../api/schemas/latency.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Database } from '../db/client.ts';
import { machineName, ownEnvironment } from '../runs/calibration/rates-store.ts';
import { predictLatency } from '../runs/calibration/predict-latency.ts';
import { requireSpec } from '../runs/check-spec.ts';
import { createRun, type RunContext } from '../runs/create-run.ts';
import { RunError } from '../runs/errors.ts';
import { readReplay } from '../runs/read-replay.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { readDetail } from '../runs/views.ts';
import { batchSizesOf } from '../runs/plan-of-spec.ts';
import { demoPath, writeDemo, type DemoRun } from './demo-file.ts';

/** Runs of the demo are found again by it. */
const demoTag = 'demo';

/** What a run takes beside its inferences: processes, weights, two probes of the links, scoring. */
const aroundMs = 12_000;

export interface PricedSpec {
  readonly spec: RunSpec;
  readonly hash: string;
  readonly latency: LatencyPrediction;
  /** Of the whole run. */
  readonly wallMs: number;
  /** A run of it with this engine; null where it is still to be made. */
  readonly runId: string | null;
}

async function madeRun(db: Database, hash: string): Promise<string | null> {
  const { commit = 'unknown' } = await ownEnvironment();
  const row = await db.run.findFirst({
    where: {
      specHash: hash,
      state: 'done',
      shipped: false,
      provenance: 'measured',
      tags: { has: demoTag },
      environment: { path: ['commit'], equals: commit },
    },
    orderBy: { finishedAt: 'desc' },
    select: { id: true },
  });
  return row?.id ?? null;
}

/** @throws RunError 'invalid' for a spec that cannot be run here */
export async function priceDemo(db: Database, specs: readonly RunSpec[]): Promise<PricedSpec[]> {
  const priced: PricedSpec[] = [];
  for (const asked of specs) {
    const spec = await requireSpec(asked);
    const { hash } = hashSpec(spec);
    const latency = await predictLatency(db, spec);
    const { dataset, measurement } = spec;
    const batches =
      batchSizesOf(dataset.samples, measurement.batchSize).length * measurement.repeats;
    priced.push({
      spec,
      hash,
      latency,
      wallMs: aroundMs + batches * (latency.onlineMs + latency.offlineMs),
      runId: await madeRun(db, hash),
    });
  }
  return priced;
}

export interface DemoMaking {
  /** Queues nothing before it is asked, and follows each run to its end. */
  readonly follow: (runId: string, index: number) => Promise<void>;
  readonly path?: string;
}

export interface MadeDemo {
  readonly path: string;
  readonly bytes: number;
  readonly runs: number;
  /** Specs of which no run came to its end, with why. */
  readonly failed: readonly { readonly runId: string; readonly reason: string }[];
}

export async function demoRunOf(db: Database, id: string): Promise<DemoRun> {
  const [run, rows] = await Promise.all([
    readDetail(db, id),
    db.repeat.findMany({ where: { runId: id }, orderBy: [{ repeat: 'asc' }, { batch: 'asc' }] }),
  ]);
  const repeats = rows.map(({ onlineBytes, offlineBytes, ...row }) => ({
    repeat: row.repeat,
    batch: row.batch,
    size: row.size,
    onlineMs: row.onlineMs,
    offlineMs: row.offlineMs,
    rounds: row.rounds,
    onlineBytes: Number(onlineBytes),
    offlineBytes: Number(offlineBytes),
  }));
  return { run, repeats };
}

/**
 * Recordings ship of runs on one network: they are replayed on every other. Some 70 kB each before the file is
 * packed; larger ones stay here.
 */
const recordedNetwork = 'lan-1g';
const longestRecording = 250_000;

async function withRecording(db: Database, demo: DemoRun): Promise<DemoRun> {
  const { id, spec } = demo.run;
  if (spec.network.name !== recordedNetwork) return demo;
  const replay = await readReplay(db, id);
  return replay === null || JSON.stringify(replay).length > longestRecording
    ? demo
    : { ...demo, replay };
}

/**
 * Makes what is missing and writes all that is there.
 * @throws RunError 'conflict' where the engine's files differ from its commit, which a shipped number names
 */
export async function makeDemo(
  context: RunContext,
  priced: readonly PricedSpec[],
  { follow, path = demoPath() }: DemoMaking,
): Promise<MadeDemo> {
  const { db } = context;
  const environment = await ownEnvironment();
  const { commit = 'unknown' } = environment;
  if (path === demoPath() && commit.endsWith('+changes')) {
    throw new RunError(
      'conflict',
      `the engine's files differ from commit ${commit.replace('+changes', '')}, which shipped runs would name; commit them first, or write to another file.`,
    );
  }
  const ids: string[] = [];
  const failed: { runId: string; reason: string }[] = [];
  for (const [index, { spec, runId }] of priced.entries()) {
    if (runId !== null) {
      ids.push(runId);
      continue;
    }
    const { id } = await createRun(context, spec, 'cli');
    await db.run.update({ where: { id }, data: { tags: [demoTag] } });
    await follow(id, index);
    const { state, reason } = await db.run.findUniqueOrThrow({ where: { id } });
    if (state === 'done') ids.push(id);
    else failed.push({ runId: id, reason: reason ?? `it is ${state}` });
    // Ctrl-C leaves the run at its end: what is made so far is found again the next time.
    if (state === 'cancelled') break;
  }
  const runs = await Promise.all(ids.map(async (id) => withRecording(db, await demoRunOf(db, id))));
  const bytes = await writeDemo(
    { version: 1, machine: machineName(environment), commit, runs },
    path,
  );
  return { path, bytes, runs: runs.length, failed };
}

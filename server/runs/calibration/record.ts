/**
 * What earlier runs say about one to come: runs of this installation on this kind of machine, measured
 * to their end. Shipped and imported ones never count, and neither does the run in question.
 */
import type { RunSpec } from '../../api/schemas/run-spec.ts';
import type { StoredLatency } from '../../api/schemas/latency.ts';
import type { Database, Prisma } from '../../db/client.ts';
import { machineKeys, ownEnvironment } from './rates-store.ts';

/** Older runs tell of another engine and another load. */
export const mostRuns = 40;

export interface EarlierRun {
  readonly id: string;
  readonly specHash: string;
  readonly spec: RunSpec;
  readonly onlineMs: number;
  readonly offlineMs: number;
  readonly finishedAtMs: number;
  /** What was said of it; null where nothing was. */
  readonly expected: StoredLatency | null;
}

/** Runs whose figures may be judged or learnt from. */
export const ownRuns = {
  state: 'done',
  provenance: 'measured',
  shipped: false,
  onlineMs: { not: null },
} satisfies Prisma.RunWhereInput;

/** The latest of this variant and the latest of all, which tell of the load: newest first. */
export async function earlierRuns(db: Database, variant: string): Promise<EarlierRun[]> {
  const [own, all] = await Promise.all([latestRuns(db, { variant }), latestRuns(db)]);
  const byId = new Map([...own, ...all].map((run) => [run.id, run]));
  return [...byId.values()].sort((a, b) => b.finishedAtMs - a.finishedAtMs);
}

async function latestRuns(db: Database, spec?: Prisma.SpecWhereInput): Promise<EarlierRun[]> {
  const environment = await ownEnvironment();
  const rows = await db.run.findMany({
    where: {
      ...ownRuns,
      AND: machineKeys.map((key) => ({
        environment: { path: [key], equals: environment[key] ?? 'unknown' },
      })),
      ...(spec === undefined ? {} : { spec }),
    },
    orderBy: { finishedAt: 'desc' },
    take: mostRuns,
    select: {
      id: true,
      specHash: true,
      onlineMs: true,
      offlineMs: true,
      finishedAt: true,
      expectedLatency: true,
      spec: { select: { canonical: true } },
    },
  });
  return rows.map((row) => ({
    id: row.id,
    specHash: row.specHash,
    spec: JSON.parse(row.spec.canonical) as RunSpec,
    onlineMs: row.onlineMs ?? 0,
    offlineMs: row.offlineMs ?? 0,
    finishedAtMs: row.finishedAt?.getTime() ?? 0,
    expected: row.expectedLatency as unknown as StoredLatency | null,
  }));
}

/** How much one run says about another: 1 for the same spec, less for each difference. */
export function likeness(a: RunSpec, b: RunSpec): number {
  const differs = (x: unknown, y: unknown): boolean => JSON.stringify(x) !== JSON.stringify(y);
  let weight = a.protocol.variant === b.protocol.variant ? 1 : 0.3;
  if (a.model !== b.model) weight *= 0.4;
  if (differs(a.approximations, b.approximations)) weight *= 0.6;
  if (differs(a.network, b.network)) weight *= 0.8;
  if (a.sequenceLength !== b.sequenceLength) weight *= 0.8;
  if (a.length !== b.length) weight *= 0.8;
  if (a.measurement.batchSize !== b.measurement.batchSize) weight *= 0.8;
  if (differs(a.protocol.ring, b.protocol.ring)) weight *= 0.9;
  return weight;
}

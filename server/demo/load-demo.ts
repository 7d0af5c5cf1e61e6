/**
 * Use case: the shipped runs come into an installation, once each, marked as shipped. They keep their
 * ids, dates, machine and commit, and are in no statistic of the runs that are made here.
 */
import type { Database, Prisma } from '../db/client.ts';
import { replayArtifact } from '../network/replay/replay-file.ts';
import { writeArtifact } from '../runs/artifacts.ts';
import { specColumns, figureColumns } from '../runs/listing-columns.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { readDemo, specOfDemo, type DemoRun } from './demo-file.ts';

const asJson = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue;
const big = (values: readonly number[]): bigint[] => values.map(BigInt);

function runRow({ run }: DemoRun, specHash: string): Prisma.RunCreateManyInput | null {
  if (run.headline === null) return null;
  return {
    id: run.id,
    specHash,
    state: 'done',
    origin: 'cli',
    provenance: 'measured',
    shipped: true,
    createdAt: new Date(run.createdAt),
    startedAt: run.startedAt === null ? null : new Date(run.startedAt),
    finishedAt: run.finishedAt === null ? null : new Date(run.finishedAt),
    headline: asJson(run.headline),
    ...(run.prediction === null ? {} : { prediction: asJson(run.prediction) }),
    ...(run.dealer === null ? {} : { dealer: asJson(run.dealer) }),
    reveals: asJson(run.reveals),
    ...(run.placeErrors === undefined ? {} : { placeErrors: asJson(run.placeErrors) }),
    labels: [...run.labels],
    environment: { ...run.environment },
    ...figureColumns(run.headline),
  };
}

async function storeParts(tx: Prisma.TransactionClient, { run, repeats }: DemoRun): Promise<void> {
  const runId = run.id;
  await tx.repeat.createMany({
    data: repeats.map((row) => ({
      ...row,
      runId,
      onlineBytes: BigInt(row.onlineBytes),
      offlineBytes: BigInt(row.offlineBytes),
    })),
  });
  await tx.operationTotal.createMany({
    data: run.operations.map(({ replayed, ...row }, ordinal) => ({
      ...row,
      replayedComputeMs: replayed?.computeMs ?? null,
      replayedWaitMs: replayed?.waitMs ?? null,
      runId,
      ordinal,
      elements: BigInt(row.elements),
      peakRssBytes: row.peakRssBytes === undefined ? null : BigInt(row.peakRssBytes),
      bytesSent: big(row.bytesSent),
      predictedBytesSent: big(row.predictedBytesSent ?? []),
      dealerBytes: BigInt(row.dealerBytes),
      predictedDealerBytes:
        row.predictedDealerBytes === null ? null : BigInt(row.predictedDealerBytes),
    })),
  });
  await tx.partyTotal.createMany({
    data: run.parties.map((row) => ({
      ...row,
      runId,
      bytesSent: BigInt(row.bytesSent),
      frameBytesSent: BigInt(row.frameBytesSent),
      framesSent: BigInt(row.framesSent),
      peakRssBytes: BigInt(row.peakRssBytes),
      framesLate: BigInt(row.framesLate),
      framesReceived: BigInt(row.framesReceived),
    })),
  });
  await tx.sample.createMany({
    data: run.samples.map((row, position) => ({
      runId,
      position,
      sampleId: row.sampleId,
      excerpt: row.excerpt,
      label: row.label,
      plaintextLogits: [...row.plaintextLogits],
      approximatedLogits: [...(row.approximatedLogits ?? [])],
      clearLogits: [...row.clearLogits],
      secureLogits: [...row.secureLogits],
    })),
  });
  const { linkCheck } = run;
  if (linkCheck === null) return;
  await tx.linkCertificate.create({
    data: {
      runId,
      verdict: linkCheck.verdict,
      reasons: [...linkCheck.reasons],
      askedBitsPerSecond: linkCheck.asked.bitsPerSecond,
      askedRttMs: linkCheck.asked.rttMs,
      pairs: asJson(linkCheck.pairs),
      tolerance: linkCheck.tolerance,
    },
  });
}

/** Recordings that are not there yet: a file of the data folder each, also for runs that came without. */
async function storeRecordings(db: Database, demos: readonly DemoRun[]): Promise<void> {
  const recorded = demos.filter(({ replay }) => replay !== undefined);
  const there = await db.artifact.findMany({
    where: { name: replayArtifact, runId: { in: recorded.map(({ run }) => run.id) } },
    select: { runId: true },
  });
  const known = new Set(there.map(({ runId }) => runId));
  for (const { run, replay } of recorded) {
    if (!known.has(run.id)) await writeArtifact(db, run.id, replayArtifact, JSON.stringify(replay));
  }
}

/** One run's rows. Long, because an installation begins while its machine also builds and calibrates. */
const storeLimitMs = 120_000;

/**
 * Loads what is not there yet; returns how many runs came. Asked for at every start, so that a newer
 * Parley brings its newer runs; the ones that are there are left as they are, hidden or not.
 * @throws RunError 'invalid' for a file that cannot be read
 */
export async function loadDemo(db: Database, path?: string): Promise<number> {
  const file = await readDemo(path);
  if (file === null) return 0;
  const ids = file.runs.map(({ run }) => run.id);
  const there = await db.run.findMany({
    where: { OR: [{ id: { in: ids } }, { shipped: true }] },
    select: { id: true, archivedAt: true, shipped: true },
  });
  const known = new Set(there.map(({ id }) => id));
  const shipped = there.filter((row) => row.shipped);
  // Who has put the shipped runs away does not want the newer ones either.
  const isHidden = shipped.length > 0 && shipped.every(({ archivedAt }) => archivedAt !== null);
  await storeRecordings(
    db,
    file.runs.filter(({ run }) => known.has(run.id)),
  );
  let loaded = 0;
  for (const demo of file.runs.filter(({ run }) => !known.has(run.id))) {
    const spec = specOfDemo(demo);
    if (spec === null) continue;
    const { hash, canonical } = hashSpec(spec);
    const row = runRow(demo, hash);
    if (row === null) continue;
    const store = async (tx: Prisma.TransactionClient): Promise<void> => {
      await tx.spec.createMany({
        data: [{ hash, canonical, ...specColumns(spec) }],
        skipDuplicates: true,
      });
      // Two processes may start at once: the later one finds the row there.
      const { count } = await tx.run.createMany({
        data: [{ ...row, archivedAt: isHidden ? new Date() : null }],
        skipDuplicates: true,
      });
      if (count === 0) return;
      await storeParts(tx, demo);
      loaded += 1;
    };
    await db.$transaction(store, { timeout: storeLimitMs, maxWait: storeLimitMs });
    await storeRecordings(db, [demo]);
  }
  return loaded;
}

/** Writes what a run left: files first, then all rows and the end state in one transaction each. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, Prisma } from '../db/client.ts';
import type { LinkCertificate } from '../network/certificate.ts';
import { writeArtifact } from './artifacts.ts';
import type { PartialResult, PartialRoleResult, RoleResult } from './launch-types.ts';
import { roleFileName } from './roles.ts';
import type { ScoredRun } from './score-run.ts';
import { unlimitedBitsPerSecond } from '../api/schemas/run-spec.ts';

const asJson = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue;

/** Stores the link check; a retry of the run replaces the one of the first try. */
export async function storeCertificate(
  db: Database,
  runId: string,
  { requested, measured, tolerance, verdict, reasons, host }: LinkCertificate,
): Promise<void> {
  const { bitsPerSecond, rttMs } = requested;
  const row = {
    verdict,
    reasons: [...reasons],
    askedBitsPerSecond: bitsPerSecond === 'unlimited' ? unlimitedBitsPerSecond : bitsPerSecond,
    askedRttMs: rttMs,
    pairs: asJson(
      measured.map((pair) => ({
        link: `${pair.from}>${pair.to}`,
        rttMs: pair.rttMs,
        bitsPerSecond: pair.bitsPerSecond,
      })),
    ),
    tolerance: `RTT within ${tolerance.rttShare * 100} % or ${tolerance.rttMs} ms, rate within ${tolerance.rateShare * 100} %, late frames within ${tolerance.lateShare * 100} %; load average ${host.loadAverage.toFixed(2)} on ${host.cores} cores`,
  };
  await db.linkCertificate.upsert({ where: { runId }, create: { runId, ...row }, update: row });
}

/**
 * Traces of parties and dealer, one file each: `trace-party-N.json`, `trace-dealer.json` with `version`,
 * `party` (a number, or `dealer`), `traces` (of the setup, then of each inference in order) and
 * `counters` of the role's links. In a run that did not finish it also has `partial: true` and
 * `lastCutShort`: whether the last trace is that of something that was cut short in this role, and so
 * counts only what was done until then.
 */
export async function storeTraces(
  db: Database,
  runId: string,
  roles: readonly (RoleResult | PartialRoleResult)[],
): Promise<void> {
  for (const { role, ...result } of roles) {
    const partial = 'lastCutShort' in result ? { partial: true } : {};
    // The timelines are kept apart, compact: as JSON they would be larger than all else.
    const traces = result.traces.map((trace) => {
      const { timeline: _, offline: __, ...kept } = trace;
      return kept;
    });
    const text = JSON.stringify({ version: 1, ...partial, party: role, ...result, traces });
    await writeArtifact(db, runId, `trace-${roleFileName(role)}.json`, text);
  }
}

/** What a run that did not finish left behind: the traces there are, and how far everybody came. */
export async function storePartial(
  db: Database,
  runId: string,
  partial: PartialResult,
): Promise<void> {
  await storeTraces(db, runId, partial.roles);
  const { failures, progress, counters } = partial;
  const text = JSON.stringify({ version: 1, partial: true, failures, progress, counters });
  await writeArtifact(db, runId, 'partial-trace.json', text);
}

/** What the processes printed, where they printed anything. */
export async function storeLogs(
  db: Database,
  runId: string,
  folder: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const content = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
    if (content.length > 0) await writeArtifact(db, runId, name, new Uint8Array(content));
  }
}

/** All rows of a scored run, replacing those of an earlier try. */
export async function storeRows(
  tx: Prisma.TransactionClient,
  runId: string,
  scored: ScoredRun,
): Promise<void> {
  const where = { where: { runId } };
  await tx.repeat.deleteMany(where);
  await tx.operationTotal.deleteMany(where);
  await tx.partyTotal.deleteMany(where);
  await tx.sample.deleteMany(where);
  await tx.repeat.createMany({
    data: scored.inferences.map(({ onlineBytes, offlineBytes, ...row }) => ({
      ...row,
      runId,
      onlineBytes: BigInt(onlineBytes),
      offlineBytes: BigInt(offlineBytes),
    })),
  });
  await tx.operationTotal.createMany({
    data: scored.operations.map(({ replayed, ...row }, ordinal) => ({
      ...row,
      replayedComputeMs: replayed?.computeMs ?? null,
      replayedWaitMs: replayed?.waitMs ?? null,
      peakRssBytes: row.peakRssBytes === undefined ? null : BigInt(row.peakRssBytes),
      dealerBytes: BigInt(row.dealerBytes),
      predictedDealerBytes:
        row.predictedDealerBytes === null ? null : BigInt(row.predictedDealerBytes),
      runId,
      ordinal,
      elements: BigInt(row.elements),
      bytesSent: row.bytesSent.map(BigInt),
      predictedBytesSent: (row.predictedBytesSent ?? []).map(BigInt),
    })),
  });
  await tx.partyTotal.createMany({
    data: scored.parties.map((party) => ({
      ...party,
      runId,
      bytesSent: BigInt(party.bytesSent),
      frameBytesSent: BigInt(party.frameBytesSent),
      framesSent: BigInt(party.framesSent),
      peakRssBytes: BigInt(party.peakRssBytes),
      framesLate: BigInt(party.framesLate),
      framesReceived: BigInt(party.framesReceived),
    })),
  });
  await tx.sample.createMany({
    data: scored.samples.map((sample, position) => ({
      runId,
      position,
      sampleId: sample.sampleId,
      excerpt: sample.excerpt,
      label: sample.label,
      plaintextLogits: [...sample.plaintextLogits],
      approximatedLogits: [...(sample.approximatedLogits ?? [])],
      clearLogits: [...sample.clearLogits],
      secureLogits: [...sample.secureLogits],
    })),
  });
}

/** The columns of the run's own row that come with its end. */
export const resultColumns = (scored: ScoredRun, labels: readonly string[]) => ({
  headline: asJson(scored.headline),
  prediction: asJson(scored.prediction),
  reveals: asJson(scored.reveals),
  ...(scored.placeErrors.length === 0 ? {} : { placeErrors: asJson(scored.placeErrors) }),
  ...(scored.dealer === null ? {} : { dealer: asJson(scored.dealer) }),
  labels: [...labels],
});

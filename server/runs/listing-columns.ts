/**
 * The columns that the results table filters and sorts by, copied out of specs and headlines when they
 * are stored. The one place that fills them; the migration 20261123010000_results does the same for
 * rows from before.
 */
import { correlationsOfSpec, type RunSpec } from '../api/schemas/run-spec.ts';
import type { Headline } from '../api/schemas/run-view.ts';
import type { Prisma } from '../db/client.ts';

/** Columns of `specs` beside the canonical text. */
export const specColumns = (spec: RunSpec) => ({
  model: spec.model,
  dataset: spec.dataset.id,
  variant: spec.protocol.variant,
  gelu: spec.approximations.gelu,
  softmax: spec.approximations.softmax,
  samples: spec.dataset.samples,
  sequenceLength: spec.sequenceLength,
  batchSize: spec.measurement.batchSize,
  repeats: spec.measurement.repeats,
  fractionBits: spec.protocol.ring.fractionBits,
  correlations: correlationsOfSpec(spec),
  network: spec.network.name,
  rttMs: spec.network.rttMs,
  bitsPerSecond: spec.network.bitsPerSecond,
  insecureSeed: spec.seed.kind === 'insecure',
});

/** Stores a spec once, however many runs are asked for it at the same moment. */
export async function storeSpec(
  tx: Prisma.TransactionClient,
  spec: RunSpec,
  { canonical, hash }: { readonly canonical: string; readonly hash: string },
): Promise<void> {
  const row = { hash, canonical, ...specColumns(spec) };
  await tx.spec.createMany({ data: [row], skipDuplicates: true });
}

const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** Figures of `runs`, from the headline that is stored beside them. */
export const figureColumns = (headline: Headline) => ({
  accuracy: fraction(headline.accuracy?.secure),
  plaintextAccuracy: fraction(headline.accuracy?.plaintext),
  onlineMs: headline.onlineMs.median,
  onlineMsPerSample: headline.onlineMsPerSample.median,
  offlineMs: headline.offlineMs.median,
  totalMs: headline.totalMs.median,
  onlineBytes: BigInt(largest(headline.onlineBytesSent)),
  totalBytes: BigInt(headline.totalBytesSent),
  dealerBytes: BigInt(headline.dealerBytes),
  rounds: headline.rounds,
  peakRssBytes: BigInt(headline.peakRssBytes),
  unlikePlaintext: headline.disagreement?.withPlaintext ?? null,
  protocolError: headline.maxLogitError.protocol,
});

function fraction(
  proportion: { readonly correct: number; readonly n: number } | undefined,
): number | null {
  return proportion === undefined || proportion.n === 0 ? null : proportion.correct / proportion.n;
}

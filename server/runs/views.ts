/** From rows to what pages, CLI and exports see (`run-view.ts`). Reads only. */
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type {
  Headline,
  ImportedFigures,
  LinkCheck,
  PlaceError,
  Prediction,
  Provenance,
  RunDetail,
  RunOrigin,
  RunState,
  RunSummary,
} from '../api/schemas/run-view.ts';
import { warningsOf } from '../api/schemas/warnings.ts';
import type { Database, Prisma } from '../db/client.ts';
import { completeHeadline, completePrediction } from './complete-view.ts';
import { RunError } from './errors.ts';

export const summaryInclude = {
  spec: { select: { canonical: true } },
  link: { select: { verdict: true } },
} satisfies Prisma.RunInclude;

/** What a summary needs of a run's row; the large columns of its page are not among it. */
export type SummaryRow = Omit<
  Prisma.RunGetPayload<{ include: typeof summaryInclude }>,
  'prediction' | 'reveals' | 'dealer' | 'labels' | 'placeErrors'
>;

const originOf = (origin: SummaryRow['origin']): RunOrigin =>
  origin === 'firstStart' ? 'first-start' : origin;

const verdictOf = (verdict: string | undefined): 'met' | 'not met' | null =>
  verdict === 'met' || verdict === 'not met' ? verdict : null;

export const toSummary = (row: SummaryRow): RunSummary =>
  summaryOf(row, JSON.parse(row.spec.canonical) as RunSpec);

const summaryOf = (row: SummaryRow, spec: RunSpec): RunSummary => ({
  id: row.id,
  specHash: row.specHash,
  spec,
  state: row.state,
  origin: originOf(row.origin),
  provenance: row.provenance as Provenance,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
  headline: completeHeadline(row.headline as unknown as Headline | null, spec),
  warnings: warningsOf(spec),
  linkVerdict: verdictOf(row.link?.verdict),
  reason: row.reason,
  ...(row.shipped ? { shipped: true } : {}),
});

/** @throws RunError 'notFound' */
export async function readSummary(db: Database, runId: string): Promise<RunSummary> {
  const row = await db.run.findUnique({ where: { id: runId }, include: summaryInclude });
  if (row === null) throw new RunError('notFound', `there is no run ${runId}.`);
  return toSummary(row);
}

export interface RunFilter {
  readonly states?: readonly RunState[] | undefined;
  readonly model?: string | undefined;
  readonly specHash?: string | undefined;
  /** Whether shipped runs are among them; default: yes. */
  readonly shipped?: boolean;
}

export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** Give this to read on; null at the end. */
  readonly nextCursor: string | null;
}

/** Runs newest first. `cursor` is the `nextCursor` of the page before. */
export async function listRuns(
  db: Database,
  filter: RunFilter,
  limit: number,
  cursor?: string,
): Promise<RunPage> {
  const where: Prisma.RunWhereInput = {
    ...(filter.states === undefined ? {} : { state: { in: [...filter.states] } }),
    ...(filter.model === undefined ? {} : { spec: { model: filter.model } }),
    ...(filter.specHash === undefined ? {} : { specHash: filter.specHash }),
    ...(filter.shipped === undefined ? {} : { shipped: filter.shipped }),
  };
  const rows = await db.run.findMany({
    where,
    include: summaryInclude,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    ...(cursor === undefined ? {} : { cursor: { id: cursor }, skip: 1 }),
  });
  const page = rows.slice(0, limit).map(toSummary);
  return { runs: page, nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

const detailInclude = {
  spec: { select: { canonical: true } },
  link: true,
  operations: { orderBy: { ordinal: 'asc' } },
  samples: { orderBy: { position: 'asc' } },
  parties: { orderBy: { party: 'asc' } },
  artifacts: { orderBy: { name: 'asc' } },
} satisfies Prisma.RunInclude;

type DetailRow = Prisma.RunGetPayload<{ include: typeof detailInclude }>;

function toLinkCheck(link: DetailRow['link']): LinkCheck | null {
  const verdict = verdictOf(link?.verdict);
  if (link === null || verdict === null) return null;
  return {
    verdict,
    reasons: link.reasons,
    asked: { bitsPerSecond: link.askedBitsPerSecond, rttMs: link.askedRttMs },
    pairs: link.pairs as unknown as LinkCheck['pairs'],
    tolerance: link.tolerance,
  };
}

/** Numbers that came with an import, out of the columns that all runs are filtered by. */
function importedFigures(row: DetailRow): ImportedFigures {
  const bytes = (value: bigint | null): number | null => (value === null ? null : Number(value));
  const { accuracy, plaintextAccuracy, onlineMs, onlineMsPerSample, offlineMs, totalMs } = row;
  return {
    accuracy,
    plaintextAccuracy,
    onlineMs,
    onlineMsPerSample,
    offlineMs,
    totalMs,
    onlineBytes: bytes(row.onlineBytes),
    totalBytes: bytes(row.totalBytes),
    dealerBytes: bytes(row.dealerBytes),
    rounds: row.rounds,
    peakRssBytes: bytes(row.peakRssBytes),
  };
}

/** Everything about one run. @throws RunError 'notFound' */
export async function readDetail(db: Database, runId: string): Promise<RunDetail> {
  const row = await db.run.findUnique({ where: { id: runId }, include: detailInclude });
  if (row === null) throw new RunError('notFound', `there is no run ${runId}.`);
  return {
    ...toSummary(row),
    ...(row.provenance === 'imported' ? { imported: importedFigures(row) } : {}),
    labels: row.labels,
    prediction: completePrediction(row.prediction as unknown as Prediction | null),
    operations: row.operations.map((operation) => ({
      path: operation.path,
      op: operation.op,
      phase: operation.phase,
      calls: operation.calls,
      elements: Number(operation.elements),
      bytesSent: operation.bytesSent.map(Number),
      predictedBytesSent:
        operation.predictedBytesSent.length === 0 ? null : operation.predictedBytesSent.map(Number),
      dealerBytes: Number(operation.dealerBytes),
      predictedDealerBytes:
        operation.predictedDealerBytes === null ? null : Number(operation.predictedDealerBytes),
      computeMs: operation.computeMs,
      waitMs: operation.waitMs,
      ...(operation.replayedComputeMs === null || operation.replayedWaitMs === null
        ? {}
        : {
            replayed: {
              computeMs: operation.replayedComputeMs,
              waitMs: operation.replayedWaitMs,
            },
          }),
      ...(operation.peakRssBytes === null ? {} : { peakRssBytes: Number(operation.peakRssBytes) }),
    })),
    ...(row.placeErrors === null
      ? {}
      : { placeErrors: row.placeErrors as unknown as readonly PlaceError[] }),
    samples: row.samples.map(({ sampleId, excerpt, label, ...logits }) => ({
      sampleId,
      excerpt,
      label,
      plaintextLogits: logits.plaintextLogits,
      ...(logits.approximatedLogits.length === 0
        ? {}
        : { approximatedLogits: logits.approximatedLogits }),
      clearLogits: logits.clearLogits,
      secureLogits: logits.secureLogits,
    })),
    parties: row.parties.map((party) => ({
      party: party.party,
      bytesSent: Number(party.bytesSent),
      frameBytesSent: Number(party.frameBytesSent),
      framesSent: Number(party.framesSent),
      rounds: party.rounds,
      computeMs: party.computeMs,
      waitMs: party.waitMs,
      cpuMs: party.cpuMs,
      peakRssBytes: Number(party.peakRssBytes),
      framesLate: Number(party.framesLate),
      framesReceived: Number(party.framesReceived),
      worstLateMs: party.worstLateMs,
    })),
    dealer: row.dealer as unknown as RunDetail['dealer'],
    linkCheck: toLinkCheck(row.link),
    reveals: (row.reveals as unknown as RunDetail['reveals'] | null) ?? [],
    environment: (row.environment as unknown as RunDetail['environment'] | null) ?? {},
    artifacts: row.artifacts.map(({ name, bytes, sha256 }) => ({
      name,
      bytes: Number(bytes),
      sha256,
    })),
  };
}

/** The same with what people wrote about it: for its own page, never for copies that are published. */
export async function readAnnotated(db: Database, runId: string): Promise<RunDetail> {
  const detail = await readDetail(db, runId);
  const row = await db.run.findUnique({
    where: { id: runId },
    select: { note: true, tags: true },
  });
  return {
    ...detail,
    ...(row === null || row.note === '' ? {} : { note: row.note }),
    ...(row === null || row.tags.length === 0 ? {} : { tags: row.tags }),
  };
}

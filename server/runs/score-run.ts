/**
 * From the traces of parties and dealer and the revealed logits to the rows and the headline that are stored.
 * Pure: the same traces give the same numbers, whoever computes them.
 *
 * A session's traces are [setup, inference 0, inference 1, ...]; with R repeats of B batches inference
 * r * B + b is batch b of repeat r. Timing statistics are over full batches; of more than one repeat
 * the first is dropped (cold code). Byte and round counts do not vary, and are checked for it; where
 * lengths are public they are those of the length in the middle, and each inference is held to its own.
 */
import type {
  Headline,
  LinkBytes,
  Median,
  OperationRow,
  PartyTotals,
  PlaceError,
  Prediction,
  RoleTotals,
  RunDetail,
  SampleRow,
} from '../api/schemas/run-view.ts';
import type { CostReport } from '../engine/cost/report.ts';
import { peerName } from '../engine/peer-name.ts';
import type { CorrelationsId } from '../engine/plan.ts';
import type { PartyTrace } from '../engine/trace.ts';
import { compareOutputs, nothingCompared, scoreSamples } from './accuracy.ts';
import { checkCosts } from './check-costs.ts';
import { checkReveals } from './check-reveals.ts';
import type { LaunchResult, PartyResult, RoleResult } from './launch-types.ts';
import { allOf, operationRows, type Inference } from './operation-rows.ts';
import { predictionOf, usedLinks } from './prediction.ts';
import { middleLength } from './public-lengths.ts';
import { canonicalJson } from './spec-hash.ts';
import { median } from './statistics.ts';

export interface InferenceRow {
  readonly repeat: number;
  readonly batch: number;
  readonly size: number;
  readonly onlineMs: number;
  readonly offlineMs: number;
  readonly rounds: number;
  readonly onlineBytes: number;
  /** The dealer's included. */
  readonly offlineBytes: number;
}

export interface ScoredRun {
  readonly headline: Headline;
  readonly inferences: readonly InferenceRow[];
  readonly operations: readonly OperationRow[];
  readonly parties: readonly PartyTotals[];
  readonly dealer: RoleTotals | null;
  /** Empty where weights are random. */
  readonly samples: readonly SampleRow[];
  readonly reveals: RunDetail['reveals'];
  readonly prediction: Prediction;
  /** Of the clear twin; empty where it was not compared. */
  readonly placeErrors: readonly PlaceError[];
}

export interface RunShape {
  /** Sizes of one pass over the samples. */
  readonly batchSizes: readonly number[];
  /** Positions of each batch of one pass, where the spec makes them public. */
  readonly lengths?: readonly number[];
  readonly repeats: number;
  readonly correlations: CorrelationsId | null;
  /** Of an inference of so many samples: the one thing that may be revealed. */
  readonly outputShape: (batchSize: number) => readonly number[];
  /** Of a ring element. */
  readonly wordBytes: number;
  /** Weights are uniform: there are no yardsticks. Else a missing one is an error. */
  readonly timingOnly?: boolean;
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

function traceAt({ role, traces }: RoleResult, index: number): PartyTrace {
  const trace = traces[index];
  if (trace === undefined) {
    throw new Error(`${peerName(role)} left no trace of inference ${index - 1}`);
  }
  return trace;
}

const inferenceAt = ({ parties, dealer }: LaunchResult, index: number): Inference => ({
  parties: parties.map((party) => traceAt(party, index)),
  dealer: dealer === null ? null : traceAt(dealer, index),
});

/**
 * First party's start to last party's end. Whoever prepares correlations starts when they are there;
 * a party that needs none begins its wait for the others earlier, and that is offline time.
 */
export function onlineSpan(parties: readonly PartyTrace[]): { startMs: number; endMs: number } {
  const prepared = parties.filter(({ offlineMs }) => offlineMs > 0);
  const starting = prepared.length > 0 ? prepared : parties;
  return {
    startMs: starting.reduce((first, { startedAtMs }) => Math.min(first, startedAtMs), Infinity),
    endMs: largest(parties.map(({ endedAtMs }) => endedAtMs)),
  };
}

function spanMs({ parties }: Inference): number {
  const { startMs, endMs } = onlineSpan(parties);
  return endMs - startMs;
}

/** Which inferences of the session times are told of: full batches, and none of the first repeat. */
export function timedInferences({
  batchSizes,
  repeats,
}: Pick<RunShape, 'batchSizes' | 'repeats'>): number[] {
  const fullSize = largest(batchSizes);
  const perPass = batchSizes.length;
  return Array.from({ length: perPass * repeats }, (_, i) => i).filter(
    (i) => batchSizes[i % perPass] === fullSize && (repeats === 1 || i >= perPass),
  );
}

function measureInference(
  inference: Inference,
  place: Pick<InferenceRow, 'repeat' | 'batch' | 'size'>,
): InferenceRow {
  const { parties } = inference;
  return {
    ...place,
    onlineMs: spanMs(inference),
    offlineMs: largest(parties.map(({ offlineMs }) => offlineMs)),
    rounds: largest(parties.map(({ rounds }) => rounds.online)),
    onlineBytes: sum(parties.map(({ bytesSent }) => bytesSent.online)),
    offlineBytes: sum(allOf(inference).map(({ bytesSent }) => bytesSent.offline)),
  };
}

/** Payload bytes of one inference by directed link, the owner's left out. */
function linksOf(inference: Inference): LinkBytes {
  const links: Record<string, number> = {};
  for (const { party, rows } of allOf(inference)) {
    for (const { bytesSentTo } of rows) {
      for (const [to, bytes = 0] of Object.entries(bytesSentTo)) {
        if (to !== 'owner') links[`${party}>${to}`] = (links[`${party}>${to}`] ?? 0) + bytes;
      }
    }
  }
  return usedLinks(links);
}

/** By `path|operation`, if nothing overlapped; those that talk only. */
const roundsByOperation = ({ rows }: CostReport): Readonly<Record<string, number>> =>
  Object.fromEntries(
    rows
      .filter(({ rounds }) => rounds > 0)
      .map(({ path, op, rounds }) => [`${path}|${op}`, rounds]),
  );

function roleTotals({ traces, counters }: RoleResult): RoleTotals {
  const toParties = counters.filter(({ peer }) => peer !== 'owner');
  const rows = traces.flatMap((trace) => trace.rows);
  const payloadBytes = sum(
    traces.map(({ bytesSent }) => bytesSent.setup + bytesSent.offline + bytesSent.online),
  );
  const channelBytes = sum(
    toParties.map(({ bytesSent, frameBytesSent }) => bytesSent + frameBytesSent),
  );
  return {
    bytesSent: payloadBytes,
    // Whatever the channel sent beside the protocol's payload: frame and message headers.
    frameBytesSent: channelBytes - payloadBytes,
    framesSent: sum(toParties.map(({ framesSent }) => framesSent)),
    rounds: sum(traces.map(({ rounds }) => rounds.setup + rounds.offline + rounds.online)),
    computeMs: sum(rows.map(({ computeMs }) => computeMs)),
    waitMs: sum(rows.map(({ waitMs }) => waitMs)),
    cpuMs: sum(traces.map(({ cpuMs }) => cpuMs)),
    peakRssBytes: largest(traces.map(({ peakRssBytes }) => peakRssBytes)),
    framesLate: sum(toParties.map(({ framesLate }) => framesLate)),
    framesReceived: sum(toParties.map(({ framesReceived }) => framesReceived)),
    worstLateMs: largest(toParties.map(({ worstLateMs }) => worstLateMs)),
  };
}

/** Values that left secrecy, grouped by place, receiver and reason; each counted once, not per party. */
function countReveals(parties: readonly PartyResult[]): RunDetail['reveals'] {
  const groups = new Map<string, RunDetail['reveals'][number]>();
  // Every party books the same reveals; one is enough.
  for (const reveal of parties[0]?.traces.flatMap(({ reveals }) => reveals) ?? []) {
    const { path, reason, shape } = reveal;
    const to = String(reveal.to);
    const key = JSON.stringify([path, to, reason]);
    const { values = 0, inferences = 0 } = groups.get(key) ?? {};
    const added = product(shape);
    groups.set(key, { path, to, reason, values: values + added, inferences: inferences + 1 });
  }
  return [...groups.values()];
}

/** What a spec with public lengths tells everybody beside the output. */
function revealedLengths({ lengths, repeats }: RunShape): RunDetail['reveals'] {
  if (lengths === undefined) return [];
  const inferences = repeats * lengths.length;
  const reason = 'tokens of the longest text of the batch: the spec makes lengths public';
  return [{ path: 'input', to: 'everybody', reason, values: inferences, inferences }];
}

/** The logits of the first repeat, sample by sample, beside the yardsticks. */
function sampleRows(
  { samples, logits }: LaunchResult,
  { batchSizes, outputShape }: RunShape,
): SampleRow[] {
  const width = product(outputShape(1));
  const secure = batchSizes.flatMap((size, batch) =>
    Array.from({ length: size }, (_, row) =>
      (logits[batch] ?? []).slice(row * width, (row + 1) * width),
    ),
  );
  return samples.map(({ id, ...sample }, index) => ({
    ...sample,
    sampleId: id,
    secureLogits: secure[index] ?? [],
  }));
}

/**
 * Scores a finished session.
 * @param cost prediction for one full batch
 * @param costs by batch of a pass; absent: that of a full batch for those, and the smaller one is not held
 *   to any
 * @throws RunError 'revealed' when something was revealed that the spec does not allow
 * @throws Error when a trace or a logit is missing: such a run must not look fine
 */
export function scoreRun(
  result: LaunchResult,
  shape: RunShape,
  cost: CostReport,
  costs?: readonly CostReport[],
): ScoredRun {
  const { parties, dealer } = result;
  const { batchSizes, lengths, repeats } = shape;
  const perPass = batchSizes.length;
  const sizes = Array.from({ length: repeats }, () => batchSizes).flat();
  const roles: readonly RoleResult[] = dealer === null ? parties : [...parties, dealer];
  checkReveals(roles, sizes.map(shape.outputShape), shape.wordBytes);
  const setup = inferenceAt(result, 0);
  const all = sizes.map((_, i) => inferenceAt(result, i + 1));
  const inferences = all.map((inference, i) => {
    const batch = i % perPass;
    const place = { repeat: Math.floor(i / perPass), batch, size: batchSizes[batch] ?? 0 };
    return measureInference(inference, place);
  });
  const fullSize = largest(batchSizes);
  const isFull = (i: number): boolean => batchSizes[i % perPass] === fullSize;
  const middle = lengths === undefined ? undefined : middleLength(lengths, batchSizes);
  // Costs are stated for these: full batches, of the length in the middle where lengths differ.
  const isStated = (i: number): boolean =>
    isFull(i) && (lengths === undefined || lengths[i % perPass] === middle);
  const full = all.filter((_, i) => isStated(i));
  const timedAt = new Set(timedInferences(shape));
  const timed = inferences.filter((_, i) => timedAt.has(i));
  const statistic = (value: (row: InferenceRow) => number): Median => median(timed.map(value));

  const [first = { parties: [], dealer: null }] = full;
  const stated = {
    rounds: largest(first.parties.map((trace) => trace.rounds.online)),
    onlineBytesSent: first.parties.map(({ bytesSent }) => bytesSent.online),
    offlineBytesSent: first.parties.map(({ bytesSent }) => bytesSent.offline),
    dealerBytes: first.dealer?.bytesSent.offline ?? 0,
    links: linksOf(first),
  };
  const computed = predictionOf(cost);
  const prediction: Prediction = {
    ...computed,
    agrees:
      canonicalJson({ ...computed, agrees: null }) === canonicalJson({ ...stated, agrees: null }),
    operationRounds: roundsByOperation(cost),
  };
  all.forEach((inference, index) => {
    const own = costs?.[index % perPass] ?? (isFull(index) ? cost : undefined);
    if (own === undefined) return;
    const rounds = largest(inference.parties.map((trace) => trace.rounds.online));
    checkCosts(predictionOf(own), { rounds, links: linksOf(inference) }, index);
  });
  const samples = sampleRows(result, shape);
  const width = product(shape.outputShape(1));
  for (const { sampleId, secureLogits } of samples) {
    if (secureLogits.length !== width || !secureLogits.every(Number.isFinite)) {
      throw new Error(`no logits were revealed for sample ${sampleId}`);
    }
  }
  // Random weights have no labels: their outputs are compared, never judged, and not kept.
  const labelled = result.labels.length > 0;
  const totals = parties.map((party): PartyTotals => ({ party: party.role, ...roleTotals(party) }));
  const dealerTotals = dealer === null ? null : roleTotals(dealer);
  const everybody = dealerTotals === null ? totals : [...totals, dealerTotals];
  const headline: Headline = {
    samples: samples.length,
    ...(shape.timingOnly === true
      ? nothingCompared
      : labelled
        ? scoreSamples(samples)
        : compareOutputs(samples)),
    onlineMs: statistic(({ onlineMs }) => onlineMs),
    onlineMsPerSample: statistic(({ onlineMs, size }) => onlineMs / size),
    offlineMs: statistic(({ offlineMs }) => offlineMs),
    totalMs: statistic(({ onlineMs, offlineMs }) => onlineMs + offlineMs),
    ...stated,
    ...(lengths === undefined || middle === undefined
      ? {}
      : { lengths: { byBatch: [...lengths], stated: middle } }),
    totalBytesSent: sum(stated.onlineBytesSent) + sum(stated.offlineBytesSent) + stated.dealerBytes,
    correlations: shape.correlations,
    peakRssBytes: largest(everybody.map(({ peakRssBytes }) => peakRssBytes)),
    cpuMs: sum(everybody.map(({ cpuMs }) => cpuMs)),
    setupMs: spanMs(setup),
    setupBytes: result.setupBytes,
  };
  return {
    headline,
    inferences,
    operations: [
      ...operationRows([setup], null),
      // Those of the headline's times of which its costs are stated: without the first of several repeats.
      ...operationRows(
        all.filter((_, i) => timedAt.has(i) && isStated(i)),
        cost,
      ),
    ],
    parties: totals,
    dealer: dealerTotals,
    // Kept where every logit has a name; a vocabulary has none.
    samples: labelled && result.labels.length === width ? samples : [],
    reveals: [...countReveals(parties), ...revealedLengths(shape)],
    prediction,
    placeErrors: result.placeErrors ?? [],
  };
}

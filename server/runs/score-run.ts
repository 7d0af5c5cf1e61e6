/**
 * From the parties' traces and the revealed logits to the rows and the headline that are stored.
 * Pure: the same traces give the same numbers, whoever computes them.
 *
 * A session's traces are [setup, inference 0, inference 1, ...]; with R repeats of B batches inference
 * r * B + b is batch b of repeat r. Timing statistics are over full batches; of more than one repeat
 * the first is dropped (cold code). Byte and round counts do not vary, and are checked for it.
 */
import type {
  Headline,
  Median,
  OperationRow,
  PartyTotals,
  Prediction,
  RunDetail,
  SampleRow,
} from '../api/schemas/run-view.ts';
import type { CostReport } from '../engine/cost/report.ts';
import type { PartyTrace, Phase, TraceRow } from '../engine/trace.ts';
import type { LaunchResult, PartyResult } from './launch-types.ts';
import { scoreSamples } from './accuracy.ts';
import { median } from './statistics.ts';

export interface InferenceRow {
  readonly repeat: number;
  readonly batch: number;
  readonly size: number;
  readonly onlineMs: number;
  readonly offlineMs: number;
  readonly rounds: number;
  readonly onlineBytes: number;
  readonly offlineBytes: number;
}

export interface ScoredRun {
  readonly headline: Headline;
  readonly inferences: readonly InferenceRow[];
  readonly operations: readonly OperationRow[];
  readonly parties: readonly PartyTotals[];
  readonly samples: readonly SampleRow[];
  readonly reveals: RunDetail['reveals'];
  readonly prediction: Prediction;
  /** Sentences about what should not be: repeats that disagree, a prediction that was wrong. */
  readonly alarms: readonly string[];
}

export interface RunShape {
  /** Sizes of one pass over the samples. */
  readonly batchSizes: readonly number[];
  readonly repeats: number;
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** One trace of each party: the same inference, or the setup. */
type Inference = readonly PartyTrace[];

function traceAt(parties: readonly PartyResult[], index: number): Inference {
  return parties.map(({ party, traces }) => {
    const trace = traces[index];
    if (trace === undefined)
      throw new Error(`party ${party} left no trace of inference ${index - 1}`);
    return trace;
  });
}

const phaseMs = (trace: PartyTrace, phase: Phase): number =>
  sum(trace.rows.filter((row) => row.phase === phase).map((row) => row.computeMs + row.waitMs));

/** First party's start to last party's end. */
const spanMs = (inference: Inference): number =>
  largest(inference.map(({ endedAtMs }) => endedAtMs)) -
  inference.reduce((first, { startedAtMs }) => Math.min(first, startedAtMs), Infinity);

function measureInference(
  inference: Inference,
  place: Pick<InferenceRow, 'repeat' | 'batch' | 'size'>,
): InferenceRow {
  const offlineMs = largest(inference.map((trace) => phaseMs(trace, 'offline')));
  return {
    ...place,
    onlineMs: spanMs(inference) - offlineMs,
    offlineMs,
    rounds: largest(inference.map(({ rounds }) => rounds.online)),
    onlineBytes: sum(inference.map(({ bytesSent }) => bytesSent.online)),
    offlineBytes: sum(inference.map(({ bytesSent }) => bytesSent.offline)),
  };
}

const rowKey = ({ phase, path, op }: Pick<TraceRow, 'phase' | 'path' | 'op'>): string =>
  `${phase}|${path}|${op}`;

/** Payload bytes of a row to other compute parties. */
const bytesToParties = (row: TraceRow): number =>
  sum(
    Object.entries(row.bytesSentTo).map(([peer, bytes]) => (peer === 'owner' ? 0 : (bytes ?? 0))),
  );

/** Mean over inferences of the largest over parties, by row. */
function meanOfLargest(
  inferences: readonly Inference[],
  value: (row: TraceRow) => number,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const inference of inferences) {
    const worst = new Map<string, number>();
    for (const row of inference.flatMap(({ rows }) => rows)) {
      const key = rowKey(row);
      worst.set(key, Math.max(worst.get(key) ?? 0, value(row)));
    }
    for (const [key, ms] of worst) totals.set(key, (totals.get(key) ?? 0) + ms);
  }
  return new Map([...totals].map(([key, total]) => [key, total / inferences.length]));
}

/** Rows of one kind of inference (the setup, or the full batches), in order of first appearance. */
function operationRows(inferences: readonly Inference[], cost: CostReport | null): OperationRow[] {
  const [first] = inferences;
  if (first === undefined) return [];
  const predicted = new Map(cost?.rows.map((row) => [`${row.path}|${row.op}`, row.bytesSent]));
  const computeMs = meanOfLargest(inferences, (row) => row.computeMs);
  const waitMs = meanOfLargest(inferences, (row) => row.waitMs);
  const rows = new Map<string, OperationRow>();
  for (const row of first.flatMap(({ rows }) => rows)) {
    const key = rowKey(row);
    if (rows.has(key)) continue;
    const { path, op, phase } = row;
    const own = first.map((trace) => trace.rows.filter((other) => rowKey(other) === key));
    rows.set(key, {
      path,
      op,
      phase,
      calls: largest(own.map((mine) => sum(mine.map(({ calls }) => calls)))),
      elements: largest(own.map((mine) => sum(mine.map(({ elements }) => elements)))),
      bytesSent: own.map((mine) => sum(mine.map(bytesToParties))),
      predictedBytesSent: predicted.get(`${path}|${op}`) ?? null,
      computeMs: computeMs.get(key) ?? 0,
      waitMs: waitMs.get(key) ?? 0,
    });
  }
  return [...rows.values()];
}

function partyTotals({ party, traces, counters }: PartyResult): PartyTotals {
  const toParties = counters.filter(({ peer }) => peer !== 'owner');
  const rows = traces.flatMap((trace) => trace.rows);
  const payloadBytes = sum(
    traces.map(({ bytesSent }) => bytesSent.setup + bytesSent.offline + bytesSent.online),
  );
  const channelBytes = sum(
    toParties.map(({ bytesSent, frameBytesSent }) => bytesSent + frameBytesSent),
  );
  return {
    party,
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
    const added = shape.reduce((product, length) => product * length, 1);
    groups.set(key, { path, to, reason, values: values + added, inferences: inferences + 1 });
  }
  return [...groups.values()];
}

/** The logits of the first repeat, sample by sample, beside the yardsticks. */
function sampleRows(
  { samples, logits, labels }: LaunchResult,
  { batchSizes }: RunShape,
): SampleRow[] {
  const secure = batchSizes.flatMap((size, batch) =>
    Array.from({ length: size }, (_, row) =>
      (logits[batch] ?? []).slice(row * labels.length, (row + 1) * labels.length),
    ),
  );
  return samples.map(({ id, ...sample }, index) => ({
    ...sample,
    sampleId: id,
    secureLogits: secure[index] ?? [],
  }));
}

const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

function findAlarms(inferences: readonly InferenceRow[], prediction: Prediction): string[] {
  const alarms: string[] = [];
  for (const { repeat, batch, rounds, onlineBytes, offlineBytes } of inferences) {
    const twin = inferences.find((other) => other.repeat === 0 && other.batch === batch);
    if (twin === undefined) continue;
    const same =
      rounds === twin.rounds &&
      onlineBytes === twin.onlineBytes &&
      offlineBytes === twin.offlineBytes;
    if (!same) {
      alarms.push(`Repeat ${repeat} of batch ${batch} differs from repeat 0 in bytes or rounds.`);
    }
  }
  if (prediction.agrees === false) {
    alarms.push('Measured bytes or rounds differ from what was computed before the run.');
  }
  return alarms;
}

/**
 * Scores a finished session.
 * @param cost prediction for one full batch, null where there is none
 * @throws Error when a trace or a logit is missing: such a run must not look fine
 */
export function scoreRun(result: LaunchResult, shape: RunShape, cost: CostReport): ScoredRun {
  const { parties } = result;
  const { batchSizes, repeats } = shape;
  const perPass = batchSizes.length;
  const setup = traceAt(parties, 0);
  const all = Array.from({ length: repeats * perPass }, (_, i) => traceAt(parties, i + 1));
  const inferences = all.map((inference, i) => {
    const batch = i % perPass;
    const place = { repeat: Math.floor(i / perPass), batch, size: batchSizes[batch] ?? 0 };
    return measureInference(inference, place);
  });
  const fullSize = largest(batchSizes);
  const isFull = (i: number): boolean => batchSizes[i % perPass] === fullSize;
  const full = all.filter((_, i) => isFull(i));
  const timed = inferences.filter((row, i) => isFull(i) && (repeats === 1 || row.repeat > 0));
  const statistic = (value: (row: InferenceRow) => number): Median => median(timed.map(value));

  const [first = []] = full;
  const onlineBytesSent = first.map(({ bytesSent }) => bytesSent.online);
  const offlineBytesSent = first.map(({ bytesSent }) => bytesSent.offline);
  const rounds = largest(first.map((trace) => trace.rounds.online));
  const prediction: Prediction = {
    rounds: cost.rounds,
    onlineBytesSent: cost.onlineBytesSent,
    offlineBytesSent: cost.offlineBytesSent,
    agrees:
      cost.rounds === rounds &&
      equal(cost.onlineBytesSent, onlineBytesSent) &&
      equal(cost.offlineBytesSent, offlineBytesSent),
  };
  const samples = sampleRows(result, shape);
  for (const { sampleId, secureLogits } of samples) {
    if (secureLogits.length !== result.labels.length || !secureLogits.every(Number.isFinite)) {
      throw new Error(`no logits were revealed for sample ${sampleId}`);
    }
  }
  const totals = parties.map(partyTotals);
  const headline: Headline = {
    samples: samples.length,
    ...scoreSamples(samples),
    onlineMs: statistic(({ onlineMs }) => onlineMs),
    onlineMsPerSample: statistic(({ onlineMs, size }) => onlineMs / size),
    offlineMs: statistic(({ offlineMs }) => offlineMs),
    onlineBytesSent,
    offlineBytesSent,
    rounds,
    peakRssBytes: largest(totals.map(({ peakRssBytes }) => peakRssBytes)),
    cpuMs: sum(totals.map(({ cpuMs }) => cpuMs)),
    setupMs: spanMs(setup),
    setupBytes: result.setupBytes,
  };
  return {
    headline,
    inferences,
    operations: [...operationRows([setup], null), ...operationRows(full, cost)],
    parties: totals,
    samples,
    reveals: countReveals(parties),
    prediction,
    alarms: findAlarms(inferences, prediction),
  };
}

/**
 * What is compared: every number of a run by name, in the units of the switch, with its interval, its
 * n and its name in a CSV. The table, the charts and the exports of a comparison read it from here.
 * Browser-safe.
 */
import type { ComparedRun } from './compare-run.ts';
import {
  amountsPerBatch,
  bytesIn,
  bytesKey,
  bytesLabel,
  timeIn,
  timeKey,
  timeLabel,
  type CompareUnits,
} from './compare-units.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatPercent,
  formatSignificant,
  formatSpread,
  proportionValue,
} from './format.ts';
import type { Headline, Median, Proportion } from './run-view.ts';
import { randomWeightsNote, weightsNote } from './warnings.ts';

export interface Figure {
  readonly value: number;
  /** 95 % interval; null where there is none: exact numbers, and medians of fewer than six. */
  readonly low: number | null;
  readonly high: number | null;
  /** What an error bar spans: the interval, else the range; null for exact numbers. */
  readonly bar: readonly [number, number] | null;
  readonly n: number | null;
  /** Second line of a cell. */
  readonly note: string;
}

export interface Metric {
  readonly id: string;
  readonly label: string;
  /** Name in CSV and JSON, with its unit. */
  readonly key: string;
  readonly better: 'more' | 'less' | null;
  /** Counted, not sampled: has no error. */
  readonly exact: boolean;
  readonly of: (run: ComparedRun) => Figure | null;
  readonly format: (value: number) => string;
  /** What stands where a finished run has no such number. */
  readonly none: string;
}

const ofMedian = (median: Median): Figure => ({
  value: median.median,
  low: median.low,
  high: median.high,
  bar: median.n <= 1 ? null : [median.low ?? median.min, median.high ?? median.max],
  n: median.n,
  note: formatSpread(median, formatDuration),
});

const ofShare = (share: Proportion): Figure => ({
  value: proportionValue(share),
  low: share.low,
  high: share.high,
  bar: [share.low, share.high],
  n: share.n,
  note: `${formatCount(share.correct)} of ${formatCount(share.n)}, ${formatInterval(share)}`,
});

const exactly = (value: number | null, note = ''): Figure | null =>
  value === null ? null : { value, low: null, high: null, bar: null, n: null, note };

type Read = (headline: Headline, run: ComparedRun) => Figure | null;

/**
 * A metric of an imported run, as its file gives it: one value without n or interval. Null where the
 * file does not have the number that these units ask for; nothing is derived but divisions by the batch.
 */
function importedFigure(id: string, run: ComparedRun, units: CompareUnits): Figure | null {
  const { figures, spec } = run;
  if (figures == null) return null;
  const { direction, per, phase } = units;
  const perAmount = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : value / amountsPerBatch(spec, per, null);
  const value = (): number | undefined => {
    switch (id) {
      case 'accuracy':
        return figures.acc;
      case 'plaintext':
        return figures.plain;
      case 'time': {
        const { latency } = figures;
        if (phase === 'online' && per !== 'batch' && latency !== undefined) {
          return per === 'sample' ? latency : latency / spec.sequenceLength;
        }
        const { batchtime, offline, total } = figures;
        return perAmount({ online: batchtime, offline, both: total }[phase]);
      }
      case 'bytes':
        if (direction === 'sent' && phase === 'online') return perAmount(figures.bytes);
        return direction === 'total' && phase === 'both' ? perAmount(figures.allbytes) : undefined;
      case 'rounds':
        return figures.rounds;
      case 'totalTime':
        return figures.total;
      case 'dealer':
        return figures.dealt;
      case 'memory':
        return figures.memory;
      default:
        return undefined;
    }
  };
  const found = value();
  return found === undefined ? null : exactly(found, 'imported, as its file says');
}

function metric(
  id: string,
  label: string,
  key: string,
  better: Metric['better'],
  format: Metric['format'],
  read: Read,
  { exact = false, none = '–' }: { readonly exact?: boolean; readonly none?: string } = {},
): Metric {
  const of = (run: ComparedRun): Figure | null =>
    run.headline === null ? null : read(run.headline, run);
  return { id, label, key, better, exact, of, format, none };
}

/** Every metric, those of the switch in its units. */
export const metricsOf = (units: CompareUnits): readonly Metric[] =>
  ownMetrics(units).map((metric) => ({
    ...metric,
    of: (run) => (run.headline === null ? importedFigure(metric.id, run, units) : metric.of(run)),
  }));

function ownMetrics(units: CompareUnits): readonly Metric[] {
  const percent = (value: number): string => formatPercent(value);
  const bytes = (value: number): string => formatBytes(value, units.family);
  const counted = { exact: true };
  return [
    metric(
      'accuracy',
      'Secure accuracy',
      'secure_accuracy',
      'more',
      percent,
      ({ accuracy }) => (accuracy === null ? null : ofShare(accuracy.secure)),
      { none: randomWeightsNote },
    ),
    metric('plaintext', 'Plaintext accuracy', 'plaintext_accuracy', null, percent, (h) =>
      h.accuracy === null ? null : ofShare(h.accuracy.plaintext),
    ),
    metric(
      'unlike',
      'Labels unlike plaintext',
      'labels_unlike_plaintext',
      'less',
      formatCount,
      (h) =>
        h.disagreement === null
          ? null
          : exactly(h.disagreement.withPlaintext, `of ${formatCount(h.samples)} samples`),
      counted,
    ),
    metric('time', timeLabel(units), timeKey(units), 'less', formatDuration, (h, { spec }) =>
      ofMedian(timeIn(h, spec, units)),
    ),
    metric(
      'bytes',
      bytesLabel(units),
      bytesKey(units),
      'less',
      bytes,
      (h, { spec }) => exactly(bytesIn(h, spec, units)),
      { ...counted, none: 'not recorded by link' },
    ),
    metric(
      'rounds',
      'Rounds',
      'rounds',
      'less',
      formatCount,
      (h) => exactly(h.rounds, 'one batch, exact'),
      counted,
    ),
    metric('totalTime', 'Online + offline, per batch', 'total_ms', 'less', formatDuration, (h) => {
      const figure = ofMedian(h.correlations === 'dealer' ? h.totalMs : h.onlineMs);
      const offline =
        h.correlations === 'dealer'
          ? `offline ${formatDuration(h.offlineMs.median)}`
          : 'nothing offline';
      return { ...figure, note: offline };
    }),
    metric(
      'dealer',
      'Sent by the dealer, offline, per batch',
      'dealer_sent_bytes',
      'less',
      bytes,
      (h) => (h.correlations === 'dealer' ? exactly(h.dealerBytes) : null),
      { ...counted, none: 'no dealer' },
    ),
    metric('error', 'Largest protocol error of a logit', 'protocol_error_max', 'less', small, (h) =>
      h.maxLogitError.protocol === null ? null : exactly(h.maxLogitError.protocol),
    ),
    metric('memory', 'Peak memory', 'peak_rss_bytes', 'less', bytes, (h) =>
      exactly(h.peakRssBytes, 'largest role'),
    ),
    metric('cpu', 'CPU time, whole run', 'cpu_ms', 'less', formatDuration, (h) =>
      exactly(h.cpuMs, 'all roles'),
    ),
    metric(
      'setup',
      'Weight shares sent, once',
      'setup_bytes',
      'less',
      bytes,
      (h) => exactly(h.setupBytes),
      counted,
    ),
  ];
}

const small = (value: number): string => formatSignificant(value, 2);

/** @throws RangeError for an id that there is not */
export function metricById(metrics: readonly Metric[], id: string): Metric {
  const found = metrics.find((one) => one.id === id);
  if (found === undefined) {
    throw new RangeError(`metric "${id}": use ${metrics.map((one) => one.id).join(', ')}`);
  }
  return found;
}

/** Whether two figures are told apart: exact ones if they differ, others if their intervals part. */
export function separate(a: Figure, b: Figure, exact: boolean): boolean {
  if (exact) return a.value !== b.value;
  if (a.low === null || a.high === null || b.low === null || b.high === null) return false;
  return a.high < b.low || b.high < a.low;
}

/** What stands where a run with results has no such figure. */
export const noneOf = ({ id, none }: Metric, { spec }: Pick<ComparedRun, 'spec'>): string =>
  id === 'accuracy' ? (weightsNote(spec) ?? none) : none;

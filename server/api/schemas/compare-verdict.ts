/**
 * The verdict: what may be said of these runs, made from their numbers. An order is claimed only where
 * intervals part and nothing else differs that could explain it; "faster" is never said across machines,
 * networks or tasks. Bytes and rounds are counted, so they have no interval and need none. Browser-safe.
 */
import { metricById, metricsOf, separate, type Figure, type Metric } from './compare-metrics.ts';
import {
  mismatchesOf,
  spoilsAccuracy,
  spoilsBytes,
  spoilsTime,
  type Mismatch,
  type MismatchKind,
} from './compare-mismatch.ts';
import { hasNumbers, type NamedRun } from './compare-run.ts';
import type { CompareUnits } from './compare-units.ts';
import { formatBytes, formatCount, formatDuration, formatRatio, plural } from './format.ts';

export interface Verdict {
  /** Sentences, the most telling first. */
  readonly sentences: readonly string[];
  readonly mismatches: readonly Mismatch[];
}

interface Entry {
  readonly name: string;
  readonly figure: Figure;
}

const entriesOf = (runs: readonly NamedRun[], metric: Metric): readonly Entry[] =>
  runs.flatMap(({ name, run }) => {
    const figure = metric.of(run);
    return figure === null ? [] : [{ name, figure }];
  });

const said = (metric: Metric, { figure }: Entry): string =>
  figure.note === '' || metric.exact
    ? metric.format(figure.value)
    : `${metric.format(figure.value)} (${figure.note})`;

const each = (metric: Metric, entries: readonly Entry[]): string =>
  entries.map((entry) => `${entry.name} ${said(metric, entry)}`).join('; ');

/** Best first; those whose intervals do not part from the best's are its ties. */
function ranked(metric: Metric, entries: readonly Entry[]) {
  const sign = metric.better === 'more' ? -1 : 1;
  const sorted = entries.toSorted((a, b) => sign * (a.figure.value - b.figure.value));
  const [best] = sorted;
  const ties =
    best === undefined
      ? []
      : sorted.filter((entry) => !separate(best.figure, entry.figure, metric.exact));
  return { best, ties, worst: sorted.at(-1) };
}

const withoutInterval = (metric: Metric, entries: readonly Entry[]): boolean =>
  !metric.exact && entries.some(({ figure }) => figure.low === null || figure.high === null);

interface Words {
  readonly noun: string;
  /** "is faster", "is more accurate": the claim that needs separation. */
  readonly wins: string;
  /** The same claim among more than two. */
  readonly winsAll: string;
  readonly spoils: readonly MismatchKind[];
}

/** @param base index of the pinned run */
function sentence(
  metric: Metric,
  runs: readonly NamedRun[],
  base: number,
  found: readonly Mismatch[],
  { noun, wins, winsAll, spoils }: Words,
): string | null {
  const entries = entriesOf(runs, metric);
  if (entries.length < 2) {
    const [only] = entries;
    return only === undefined ? null : `${noun}: ${each(metric, [only])}.`;
  }
  const few = entries.length === 2;
  const spoiled = found.filter(({ kind }) => spoils.includes(kind));
  const ends = ranked(metric, entries);
  const { best, ties, worst } = ends;
  if (best === undefined || worst === undefined) return null;
  if (spoiled.length > 0) {
    const span = few
      ? each(metric, entries)
      : `from ${best.name} ${said(metric, best)} to ${worst.name} ${said(metric, worst)}`;
    return `${noun}: ${span}. No order is claimed: ${reasonWords(spoiled)}.`;
  }
  if (withoutInterval(metric, entries)) {
    const span = few
      ? each(metric, entries)
      : `from ${best.name} ${said(metric, best)} to ${worst.name} ${said(metric, worst)}`;
    return `${noun}: ${span}. Too few inferences for an interval, so no order is claimed.`;
  }
  if (ties.length === entries.length) {
    const why = metric.exact ? 'the numbers are equal' : '95 % intervals overlap';
    return `${noun}: a tie, ${why}${few ? `: ${each(metric, entries)}` : ` among all ${formatCount(entries.length)}`}.`;
  }
  const against = pinned(runs, base, best, entries) ?? worst;
  const ratio = best.figure.value / against.figure.value;
  const times =
    metric.id === 'accuracy' || !Number.isFinite(ratio) || ratio === 1
      ? ''
      : `, ${formatRatio(ratio)} of ${against.name}`;
  if (ties.length > 1) {
    return `${noun}: ${plural(ties.length, 'run')} share the first place, ${ties.map(({ name }) => name).join(', ')}; ${metric.exact ? 'their numbers are equal' : 'their 95 % intervals overlap'}${times}.`;
  }
  // Which bytes and which time: "sends least" alone could be of any phase.
  const what = noun.includes(',') ? ` (${noun.charAt(0).toLowerCase()}${noun.slice(1)})` : '';
  const claim = few ? wins : `${winsAll} of ${formatCount(entries.length)}`;
  return `${best.name} ${claim}${times}: ${few ? each(metric, entries) : said(metric, best)}${what}.`;
}

function pinned(
  runs: readonly NamedRun[],
  base: number,
  best: Entry,
  entries: readonly Entry[],
): Entry | undefined {
  const name = runs[base]?.name;
  return name === best.name ? undefined : entries.find((entry) => entry.name === name);
}

/** What numbers of the online phase leave out where only some of the runs have an offline phase. */
function leftOut(runs: readonly NamedRun[], { family }: CompareUnits): string | null {
  const dealt = runs.flatMap(({ name, run: { headline } }) =>
    headline?.correlations === 'dealer'
      ? [
          `${name} ${formatDuration(headline.offlineMs.median)} and ${formatBytes(headline.dealerBytes, family)} sent by the dealer`,
        ]
      : [],
  );
  if (dealt.length === 0 || dealt.length === runs.length) return null;
  const which = dealt.length > 3 ? `${formatCount(dealt.length)} of the runs` : dealt.join('; ');
  return `Not in these online numbers, the offline phase per batch: ${which}. The unit "both" counts it.`;
}

const reasons: Partial<Record<MismatchKind, string>> = {
  machine: 'the machines differ or are not named',
  origin: 'the classes of the numbers differ',
  work: 'the tasks differ',
  samples: 'the samples differ',
  batch: 'the batches hold different numbers of samples',
  imported: 'some numbers are imported',
  network: 'the networks differ',
  link: 'a link was not met',
  single: 'a run was timed once',
};

const reasonWords = (found: readonly Mismatch[]): string =>
  [...new Set(found.map(({ kind }) => reasons[kind] ?? kind))].join(', ');

/** What may be said of these runs. Runs without a result say nothing. */
export function verdictOf(runs: readonly NamedRun[], base: number, units: CompareUnits): Verdict {
  const finished = runs.filter(({ run }) => hasNumbers(run));
  const pin = finished.findIndex(({ run }) => run.id === runs[base]?.run.id);
  const mismatches = mismatchesOf(finished);
  const metrics = metricsOf(units);
  const say = (id: string, words: Words): string | null =>
    sentence(metricById(metrics, id), finished, pin, mismatches, words);
  const sentences = [
    say('time', {
      noun: metricById(metrics, 'time').label,
      wins: 'is faster',
      winsAll: 'is the fastest',
      spoils: spoilsTime,
    }),
    say('accuracy', {
      noun: 'Secure accuracy',
      wins: 'is more accurate',
      winsAll: 'is the most accurate',
      spoils: spoilsAccuracy,
    }),
    say('bytes', {
      noun: metricById(metrics, 'bytes').label,
      wins: 'sends least',
      winsAll: 'sends least',
      spoils: spoilsBytes,
    }),
    say('rounds', {
      noun: 'Rounds',
      wins: 'needs fewest rounds',
      winsAll: 'needs fewest rounds',
      spoils: spoilsBytes,
    }),
    units.phase === 'online' ? leftOut(finished, units) : null,
  ].filter((text) => text !== null);
  return { sentences, mismatches };
}

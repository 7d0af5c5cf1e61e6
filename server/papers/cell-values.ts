/** What runs say to a cell, best first, and how the values of two runs are divided. Pure. */
import type { CellValue } from '../api/schemas/papers.ts';
import type { Book } from './book.ts';
import type { Counting, Reading } from './definition.ts';
import type { StoredRun } from './stored-runs.ts';

const noRange = { low: null, high: null } as const;

/**
 * What a run says to a reading, in the printed unit. Seconds: measured if its certificate says that the
 * link was as asked for, and replayed on the asked link if it was recorded; without either, nothing.
 */
export function valuesOf(
  run: StoredRun,
  reading: Reading,
  book: Pick<Book, 'places'>,
  percent = false,
): CellValue[] {
  const { headline, linkVerdict } = run;
  if (headline === null) return [];
  const common = {
    provenance: 'measured',
    commit: run.commit,
    at: run.at.toISOString(),
    runId: run.id,
    shipped: run.shipped,
    link: linkVerdict,
  } as const;
  if (reading.kind === 'secureAccuracy') {
    const secure = headline.accuracy?.secure;
    if (secure === undefined || secure.n === 0) return [];
    const scale = percent ? 100 : 1;
    const { correct, n, low, high } = secure;
    return [{ ...common, value: (scale * correct) / n, n, low: scale * low, high: scale * high }];
  }
  const isMet = linkVerdict === 'met';
  if (reading.kind === 'onlineSeconds') {
    const { median, n, min, max } = headline.onlineMs;
    const range = n > 1 ? { low: min / 1000, high: max / 1000 } : noRange;
    const measured = { ...common, value: median / 1000, n, ...range };
    const replayed = headline.replayed ?? null;
    return [
      ...(isMet ? [measured] : []),
      ...(replayed === null
        ? []
        : [
            {
              ...common,
              provenance: 'replayed' as const,
              value: replayed.onlineMs / 1000,
              n: replayed.n,
              ...noRange,
            },
          ]),
    ];
  }
  const seconds = book.places.get(reading.place)?.get(run.id);
  if (seconds === undefined) return [];
  const { part } = reading;
  const again = seconds.replayed;
  const n = headline.replayed?.n ?? headline.onlineMs.n;
  return [
    ...(isMet ? [{ ...common, value: seconds[part], n: headline.onlineMs.n, ...noRange }] : []),
    ...(again === null
      ? []
      : [{ ...common, provenance: 'replayed' as const, value: again[part], n, ...noRange }]),
  ];
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Bytes or rounds that a run counted, as a prediction of the same plan counts them; null for places. */
export function countedOf(
  { headline, linkVerdict, ...run }: StoredRun,
  { what, of, unitBytes, place }: Counting,
): CellValue | null {
  if (headline === null || place !== undefined) return null;
  const { rounds, onlineBytesSent, dealerBytes } = headline;
  const sent = total(onlineBytesSent);
  const bytes = {
    all: sent,
    party: sent / onlineBytesSent.length,
    allAndDealer: sent + dealerBytes,
  }[of];
  return {
    value: what === 'rounds' ? rounds : bytes / unitBytes,
    provenance: 'measured',
    n: headline.onlineMs.n,
    commit: run.commit,
    at: run.at.toISOString(),
    runId: run.id,
    shipped: run.shipped,
    link: linkVerdict,
    ...noRange,
  };
}

/** Of all usable runs, in their order. */
export const valuesOfRuns = (
  runs: readonly StoredRun[],
  reading: Reading,
  book: Pick<Book, 'places'>,
  percent = false,
): CellValue[] => runs.flatMap((run) => valuesOf(run, reading, book, percent));

/** The same run's other value, or what a run counted beside a prediction; null where there is none. */
export function secondOf(values: readonly CellValue[]): CellValue | null {
  const [first, ...others] = values;
  if (first === undefined) return null;
  const isPredicted = first.provenance === 'predicted';
  return others.find(({ runId }) => isPredicted || runId === first.runId) ?? null;
}

const notAsAsked = 'The link of this run was not as asked for; see its certificate.';
const asReplayed = `${notAsAsked} Its time is the one replayed on the asked link.`;
const neither =
  'A run is there, but its link was not certified to be as asked for and nothing of it could be replayed, so its time fills no cell.';

/** What has to be said of the link beside these values; null where it was as asked for. */
export function linkRemark(
  usable: readonly StoredRun[],
  reading: Reading,
  values: readonly CellValue[],
): string | null {
  const [value] = values;
  if (value === undefined) {
    return usable.length === 0 || reading.kind === 'secureAccuracy' ? null : neither;
  }
  if (value.link === 'met' || value.link === null) return null;
  return value.provenance === 'replayed' ? asReplayed : notAsAsked;
}

/** The first two of the same provenance and the same installation: no others stand over each other. */
export function comparable(
  over: readonly CellValue[],
  under: readonly CellValue[],
): readonly [CellValue, CellValue] | null {
  for (const one of over) {
    const other = under.find(
      ({ provenance, shipped }) => provenance === one.provenance && shipped === one.shipped,
    );
    if (other !== undefined) return [one, other];
  }
  return null;
}

/** One number over another of the same provenance; runs of one installation only. */
export function divided(over: readonly CellValue[], under: readonly CellValue[]): CellValue | null {
  const pair = comparable(over, under);
  if (pair === null) return null;
  const [one, other] = pair;
  if (other.value === 0) return null;
  const n = one.n === null || other.n === null ? null : Math.min(one.n, other.n);
  const link = one.link === other.link ? other.link : 'not met';
  return { ...other, value: one.value / other.value, n, link, ...noRange };
}

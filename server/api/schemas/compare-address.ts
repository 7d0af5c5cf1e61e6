/** A comparison's address: what is compared and how. Browser-safe. */
import { defaultChart, readChart, writeChart, type ChartChoice } from './compare-chart.ts';
import { readUnits, writeUnits, type CompareUnits } from './compare-units.ts';

/** A permalink holds so many runs: it is read in one piece. */
export const mostPublished = 1000;

/** What is compared and how, as an address says it. */
export interface CompareState {
  readonly runs: readonly string[];
  /** A query in place of a list; the list wins. */
  readonly q: string | null;
  /** Pinned run; the first one where null. */
  readonly base: string | null;
  readonly units: CompareUnits;
  readonly hidden: readonly string[];
  /** Which picture is shown; the default one where absent. */
  readonly chart?: ChartChoice;
}

const list = (text: string | null): readonly string[] =>
  [...new Set((text ?? '').split(','))].filter((part) => part !== '');

export function readCompare(query: URLSearchParams): CompareState {
  return {
    runs: list(query.get('runs')),
    q: query.get('q'),
    base: query.get('base'),
    units: readUnits(query.get('units')),
    hidden: list(query.get('hidden')),
    chart: readChart(query.get('chart')),
  };
}

/** The query string, `?` included where there is one; commas are left readable. */
export function writeCompare(state: CompareState): string {
  const { runs, q, base, units, hidden, chart = defaultChart } = state;
  const encode = (text: string): string => encodeURIComponent(text).replaceAll('%2C', ',');
  const written = writeUnits(units);
  const parts = [
    ...(runs.length > 0
      ? [`runs=${encode(runs.join(','))}`]
      : q === null
        ? []
        : [`q=${encode(q)}`]),
    ...(base === null ? [] : [`base=${encode(base)}`]),
    ...(written === writeUnits(readUnits(null)) ? [] : [`units=${encode(written)}`]),
    ...(hidden.length === 0 ? [] : [`hidden=${encode(hidden.join(','))}`]),
    ...(writeChart(chart) === '' ? [] : [`chart=${writeChart(chart)}`]),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

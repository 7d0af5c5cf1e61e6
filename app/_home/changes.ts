/**
 * What happened since somebody was last here: pure arithmetic over new runs. A pair is a model on a
 * network; its best run is the one with the shortest online time per sample.
 */
import { quoted } from '../../server/api/schemas/results-tokens.ts';
import type { RunSummary } from '../../server/api/schemas/run-view.ts';

/** Only what this installation measured: shipped and imported numbers are nobody's news. */
const own = 'state:done has:result class:measured -is:shipped';

export const newSince = (since: Date): string =>
  `${own} finished>=${since.toISOString()} sort:-finished`;

export interface BestOfPair {
  readonly model: string;
  readonly network: string;
  readonly run: RunSummary;
  /** How many new runs it is the best of. */
  readonly n: number;
}

const timeOf = ({ headline }: RunSummary): number => headline?.onlineMsPerSample.median ?? Infinity;

/** The best of each pair, pairs with most new runs first. */
export function bestOfPairs(runs: readonly RunSummary[]): readonly BestOfPair[] {
  const pairs = Map.groupBy(
    runs.filter((run) => run.headline !== null),
    ({ spec }) => JSON.stringify([spec.model, spec.network.name]),
  );
  return [...pairs.values()]
    .flatMap((own): BestOfPair[] => {
      const run = own.toSorted((a, b) => timeOf(a) - timeOf(b))[0];
      if (run === undefined) return [];
      const { model, network } = run.spec;
      return [{ model, network: network.name, run, n: own.length }];
    })
    .toSorted((a, b) => b.n - a.n || a.model.localeCompare(b.model));
}

/** The best of a pair before that moment. */
export const bestBefore = ({ model, network }: BestOfPair, since: Date): string =>
  `${own} model=${quoted(model)} network=${quoted(network)} finished<${since.toISOString()} sort:latency`;

/** Times the earlier best, where it is faster than that; null where it is not, or there was none. */
export function faster(run: RunSummary, before: RunSummary | undefined): number | null {
  if (before === undefined) return null;
  const ratio = timeOf(before) / timeOf(run);
  return Number.isFinite(ratio) && ratio > 1 ? ratio : null;
}

const weekMs = 7 * 86_400_000;
/** Shorter breaks are one visit. */
export const breakMs = 30 * 60_000;

export interface Visits {
  /** When somebody was last seen here; ms since 1970. */
  readonly seen: number;
  /** When the visit before this one ended; null on the first. */
  readonly before: number | null;
}

/** The visits after one more look at `now`, from what was kept. A text that makes no sense is none. */
export function visit(kept: string | null, now: number): Visits {
  const [seen, before] = (kept ?? '').split(' ').map(Number);
  const known = (ms: number | undefined): number | null =>
    ms !== undefined && Number.isFinite(ms) && ms > 0 && ms <= now ? ms : null;
  const last = known(seen);
  if (last === null) return { seen: now, before: null };
  return { seen: now, before: now - last > breakMs ? last : known(before) };
}

/** Since when things are new: the last visit, or a week where there was none or it is shorter ago. */
export function newFrom({ before }: Visits, now: number): { since: Date; word: string } {
  return before !== null
    ? { since: new Date(before), word: 'Since your last visit' }
    : { since: new Date(now - weekMs), word: 'This week' };
}

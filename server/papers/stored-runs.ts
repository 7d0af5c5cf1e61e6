/** The runs that papers' cells may be filled by: what is stored under the specs' hashes, sorted out. */
import type { CellAttempts } from '../api/schemas/papers.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Headline } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { packageVersion } from '../runs/environment.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { forecastOf, type SpecForecast } from './predict.ts';

export interface StoredRun {
  readonly id: string;
  readonly specHash: string;
  readonly state: string;
  readonly shipped: boolean;
  readonly commit: string;
  readonly parley: string;
  readonly cpu: string;
  readonly at: Date;
  readonly reason: string | null;
  readonly headline: Headline | null;
  readonly linkVerdict: string | null;
}

export interface SpecRuns {
  /** Done with the engine of now: this installation's first, then newest first. */
  readonly usable: readonly StoredRun[];
  /** Done whole, by any engine. */
  readonly done: readonly StoredRun[];
  readonly attempts: CellAttempts;
  /** Newest first, whatever became of them. */
  readonly all: readonly StoredRun[];
}

const mostPerSpec = 50;
const big = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Whether it came to its end with every sample that was asked. */
export const isWhole = (run: Pick<StoredRun, 'state' | 'headline'>, samples: number): boolean =>
  run.state === 'done' && run.headline !== null && run.headline.samples >= samples;

/**
 * Whether a run was made by the engine of now: the same release, and to the byte and round what the
 * schedules of now say. A commit would be too fine: one of a page's words would empty every table.
 */
export function isOfThisEngine(run: StoredRun, forecast: SpecForecast | null): boolean {
  if (forecast === null || run.headline === null || run.parley !== packageVersion()) return false;
  const { rounds, onlineBytesSent, dealerBytes } = run.headline;
  return (
    rounds === forecast.rounds &&
    big(onlineBytesSent) === forecast.onlineBytes &&
    dealerBytes === forecast.dealerBytes
  );
}

const waiting = new Set(['queued']);
const active = new Set(['preparing', 'linkCheck', 'running', 'scoring']);

/** Sorts a spec's runs. Pure; `runs` newest first. */
export function sortRuns(
  spec: RunSpec,
  runs: readonly StoredRun[],
  forecast: SpecForecast | null,
): SpecRuns {
  const done = runs.filter((run) => isWhole(run, spec.dataset.samples));
  const usable = done.filter((run) => isOfThisEngine(run, forecast));
  const count = (test: (run: StoredRun) => boolean): number => runs.filter(test).length;
  return {
    usable: [...usable.filter((run) => !run.shipped), ...usable.filter((run) => run.shipped)],
    done,
    all: runs,
    attempts: {
      queued: count(({ state }) => waiting.has(state)),
      running: count(({ state }) => active.has(state)),
      // A run that is done without its samples is a failure too.
      failed: count(
        (run) =>
          run.state === 'failed' ||
          run.state === 'lost' ||
          (run.state === 'done' && !done.includes(run)),
      ),
      cancelled: count(({ state }) => state === 'cancelled'),
      otherEngine: done.length - usable.length,
    },
  };
}

/** Shipped runs that somebody has put away are no evidence for them any more. */
export const notHidden = { NOT: { shipped: true, archivedAt: { not: null } } } as const;

/** All measured runs of the specs, by spec hash; two questions to the database, however many specs. */
export async function readStoredRuns(
  db: Database,
  specs: readonly RunSpec[],
): Promise<ReadonlyMap<string, SpecRuns>> {
  const byHash = new Map(specs.map((spec) => [hashSpec(spec).hash, spec]));
  const rows = await db.run.findMany({
    where: { specHash: { in: [...byHash.keys()] }, provenance: 'measured', ...notHidden },
    orderBy: { createdAt: 'desc' },
    select: {
      id: true,
      specHash: true,
      state: true,
      shipped: true,
      environment: true,
      createdAt: true,
      finishedAt: true,
      reason: true,
      headline: true,
      link: { select: { verdict: true } },
    },
  });
  const runs = rows.map((row): StoredRun => {
    const environment = (row.environment ?? {}) as Readonly<Record<string, string | undefined>>;
    return {
      id: row.id,
      specHash: row.specHash,
      state: row.state,
      shipped: row.shipped,
      commit: environment['commit'] ?? 'unknown',
      parley: environment['parley'] ?? 'unknown',
      cpu: environment['cpu'] ?? 'unknown',
      at: row.finishedAt ?? row.createdAt,
      reason: row.reason,
      // The column holds what score-run.ts made.
      headline: row.headline as unknown as Headline | null,
      linkVerdict: row.link?.verdict ?? null,
    };
  });
  const sorted = await Promise.all(
    [...byHash].map(async ([hash, spec]) => {
      const own = runs.filter((run) => run.specHash === hash).slice(0, mostPerSpec);
      // Nothing is foretold for what nobody has run.
      const forecast = own.length === 0 ? null : await forecastOf(spec);
      return [hash, sortRuns(spec, own, forecast)] as const;
    }),
  );
  return new Map(sorted);
}

export interface PlaceSeconds {
  readonly all: number;
  readonly wait: number;
}

/** Of one run; null: it was not recorded. */
export interface TimedPlaces extends PlaceSeconds {
  readonly replayed: PlaceSeconds | null;
}

const inSeconds = (computeMs: number | null, waitMs: number | null): PlaceSeconds => ({
  all: ((computeMs ?? 0) + (waitMs ?? 0)) / 1000,
  wait: (waitMs ?? 0) / 1000,
});

/** Seconds at the places of each run that hold the word, all and waiting, over all layers. */
export async function readPlaceSeconds(
  db: Database,
  runIds: readonly string[],
  place: string,
): Promise<ReadonlyMap<string, TimedPlaces>> {
  if (runIds.length === 0) return new Map();
  const rows = await db.operationTotal.groupBy({
    by: ['runId'],
    where: { runId: { in: [...runIds] }, phase: 'online', path: { contains: place } },
    _sum: { computeMs: true, waitMs: true, replayedComputeMs: true, replayedWaitMs: true },
  });
  return new Map(
    rows.map(({ runId, _sum: sums }) => [
      runId,
      {
        ...inSeconds(sums.computeMs, sums.waitMs),
        replayed:
          sums.replayedComputeMs === null
            ? null
            : inSeconds(sums.replayedComputeMs, sums.replayedWaitMs),
      },
    ]),
  );
}

'use client';
/**
 * Finished runs that Home chooses among: the newest, and of every preset's method its own, however old.
 * One batch of small requests, each a query of the results.
 */
import { useQueries } from '@tanstack/react-query';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { hasNumbers } from '../../server/api/schemas/compare-run.ts';
import { quoted } from '../../server/api/schemas/results-tokens.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { RunSummary } from '../../server/api/schemas/run-view.ts';
import { useTRPC } from '../_lib/trpc.ts';

/** Runs of one method that are looked at: enough to find one with the preset's samples and a link met. */
const mostOfOne = 40;

/** The results' query of a preset's method; what it does not ask for `sameMethod` does. */
export const methodQuery = ({ model, approximations, protocol, network }: RunSpec): string =>
  [
    'state:done has:result',
    `model=${quoted(model)}`,
    `gelu=${approximations.gelu}`,
    `softmax=${approximations.softmax}`,
    `variant=${protocol.variant}`,
    `network=${quoted(network.name)}`,
    'sort:-created',
  ].join(' ');

/** Newest first, each once. */
export function useFinishedRuns(
  catalog: Catalog | undefined,
  newest: readonly RunSummary[] | undefined,
): readonly RunSummary[] | undefined {
  const trpc = useTRPC();
  const asked = [...new Set((catalog?.presets ?? []).map(({ spec }) => methodQuery(spec)))];
  const older = useQueries({
    queries: asked.map((q) => ({
      ...trpc.results.list.queryOptions({ q, limit: mostOfOne }),
      staleTime: 30_000,
    })),
    // One that fails leaves the newest runs to choose among: nothing on Home is wrong without it.
    combine: (answers) => answers.flatMap(({ data }) => data?.rows ?? []),
  });
  if (newest === undefined) return undefined;
  const done = newest.filter((run) => run.state === 'done' && run.headline !== null);
  const known = new Set(done.map(({ id }) => id));
  const more = older.filter((run) => !known.has(run.id) && hasNumbers(run));
  return [...done, ...new Map(more.map((run) => [run.id, run])).values()].toSorted((a, b) =>
    b.createdAt.localeCompare(a.createdAt),
  );
}

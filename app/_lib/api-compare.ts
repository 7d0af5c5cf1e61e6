'use client';
/** What comparisons and published links ask the server, one hook each. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PublishedPermalink } from '../../server/api/routers/permalinks/published.ts';
import type { CompareAsked } from '../../server/api/schemas/compare-request.ts';
import type { ComparedRuns, RunProfile } from '../../server/api/schemas/compare-run.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { endStates } from '../../server/api/schemas/run-view.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';

/** All runs of a comparison in one request; null asks nothing. */
export function useComparedRuns(asked: CompareAsked | null): Answer<ComparedRuns> {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.compare.runs.queryOptions(asked ?? { ids: [] }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.runs.some((run) => !endStates.includes(run.state)) === true ? 3_000 : false,
  });
  return answer(query);
}

/** Where time and bytes of two runs went; null asks nothing. */
export function useProfiles(
  pair: { readonly a: string; readonly b: string } | null,
): Answer<readonly RunProfile[]> {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.compare.profiles.queryOptions(pair ?? { a: '-', b: '-' }, { staleTime: 60_000 }),
    enabled: pair !== null,
  });
  return answer(query);
}

/** Runs that fit words, newest first; nothing is asked without words. */
export function useRunSearch(words: string): readonly string[] {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.results.ids.queryOptions({ q: words }),
    enabled: words.trim() !== '',
    retry: false,
    placeholderData: keepPreviousData,
  });
  return words.trim() === '' || query.data === undefined ? none : query.data.ids;
}

const none: readonly string[] = [];

export function usePublished(): Answer<readonly PublishedPermalink[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.permalinks.published.queryOptions()));
}

/** What links begin with: PARLEY_PUBLIC_URL, else this page's own address. */
export function useLinkBase(): string {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.permalinks.address.queryOptions(undefined, { staleTime: Infinity }),
  );
  return data?.publicUrl ?? (typeof window === 'undefined' ? '' : window.location.origin);
}

export function usePublishComparison() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.permalinks.publishComparison.mutationOptions({
      onSuccess: () => client.invalidateQueries(trpc.permalinks.pathFilter()),
    }),
  );
}

export function useTakeBack() {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) => client.permalinks.revoke.mutate({ slug }),
    onSuccess: () => queries.invalidateQueries(trpc.permalinks.pathFilter()),
  });
}

/** Queues runs one after the other; answers with their ids in that order. */
export function useCreateRuns() {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: async (specs: readonly RunSpec[]): Promise<readonly string[]> => {
      const ids: string[] = [];
      for (const spec of specs) ids.push((await client.runs.create.mutate(spec)).id);
      return ids;
    },
  });
}

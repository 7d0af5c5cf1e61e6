'use client';
/** What the results page asks the server, one hook each. */
import {
  keepPreviousData,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { FoundIds } from '../../server/api/routers/results/ids.ts';
import type { KnownValue } from '../../server/api/routers/results/values.ts';
import type { AnnotationChange } from '../../server/api/schemas/results-requests.ts';
import type { ResultRow, RunAnnotations } from '../../server/api/schemas/results-row.ts';
import type { SavedView, ViewState } from '../../server/api/schemas/results-view.ts';
import { endStates } from '../../server/api/schemas/run-view.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';

/** Rows are read in pieces of so many. */
export const rowsAtATime = 50;

/** Every run that a query finds, in order. The last answer stays while a new one is computed. */
export function useResultIds(q: string): Answer<FoundIds> & {
  readonly stale: boolean;
} {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.results.ids.queryOptions({ q }),
    // New runs come in by themselves; a long list is asked for less often.
    refetchInterval: ({ state }) => ((state.data?.ids.length ?? 0) > 1000 ? 20_000 : 5_000),
    placeholderData: keepPreviousData,
  });
  return { ...answer(query), stale: query.isPlaceholderData };
}

export interface Rows {
  readonly rows: ReadonlyMap<string, ResultRow>;
  readonly error: string | null;
  readonly waiting: boolean;
}

/** The rows of these runs, in pieces that are kept apart, so that scrolling reads only what is new. */
export function useResultRows(pieces: readonly (readonly string[])[]): Rows {
  const trpc = useTRPC();
  return useQueries({
    queries: pieces.map((ids) => ({
      ...trpc.results.rows.queryOptions({ ids: [...ids] }),
      refetchInterval: ({ state }: { state: { data?: readonly ResultRow[] | undefined } }) =>
        state.data?.some((run) => !endStates.includes(run.state)) === true ? 2_000 : 30_000,
    })),
    combine: (results) => ({
      rows: new Map(results.flatMap(({ data }) => (data ?? []).map((row) => [row.id, row]))),
      error: results.find(({ error }) => error !== null)?.error?.message ?? null,
      waiting: results.some(({ isPending }) => isPending),
    }),
  });
}

/** How many runs there would be without each term; asked only where nothing is found. */
export function useWithoutEach(q: string, enabled: boolean): readonly number[] | undefined {
  const trpc = useTRPC();
  return useQuery({ ...trpc.results.withoutEach.queryOptions({ q }), enabled }).data;
}

/** Columns that are the same in every run found. */
export function useConstantColumns(
  q: string,
  columns: readonly string[],
  enabled: boolean,
): readonly string[] | undefined {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.results.constants.queryOptions({ q, columns: [...columns] }),
    enabled,
    placeholderData: keepPreviousData,
  });
  return enabled ? query.data : undefined;
}

const none: readonly KnownValue[] = [];

export function useKnownValues(): readonly KnownValue[] {
  const trpc = useTRPC();
  return useQuery(trpc.results.values.queryOptions(undefined, { staleTime: 60_000 })).data ?? none;
}

/** Whatever was changed, every list may look different. */
function useRefresh() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return () => client.invalidateQueries(trpc.results.pathFilter());
}

export function useImport() {
  const client = useTRPCClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (file: {
      name: string;
      text: string;
      mapping: Record<string, number | string | null>;
    }) => client.results.importFile.mutate(file),
    onSuccess: refresh,
  });
}

/** Runs that one request changes. */
const mostAtOnce = 5000;

export function useAnnotate() {
  const client = useTRPCClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ ids, change }: { ids: readonly string[]; change: AnnotationChange }) => {
      const before: RunAnnotations[] = [];
      for (let start = 0; start < ids.length; start += mostAtOnce) {
        const part = ids.slice(start, start + mostAtOnce);
        before.push(...(await client.results.annotate.mutate({ ids: part, change })));
      }
      return before;
    },
    onSuccess: refresh,
  });
}

/** A request has room for so many characters. */
const mostCharacters = 150_000;

/** Puts back what was true before, in as many requests as it takes. */
export function useRestore() {
  const client = useTRPCClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (before: readonly RunAnnotations[]) => {
      let part: RunAnnotations[] = [];
      let characters = 0;
      const send = async (): Promise<void> => {
        const rows = part.map((row) => ({ ...row, tags: [...row.tags] }));
        await client.results.restore.mutate({ before: rows });
        part = [];
        characters = 0;
      };
      for (const row of before) {
        const length = JSON.stringify(row).length;
        if (part.length > 0 && characters + length > mostCharacters) await send();
        part.push(row);
        characters += length;
      }
      if (part.length > 0) await send();
    },
    onSuccess: refresh,
  });
}

export function useViews(): Answer<readonly SavedView[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.views.list.queryOptions()));
}

function useViewsChange<I, O>(change: (input: I) => Promise<O>) {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries(trpc.views.pathFilter()),
  });
}

export function useCreateView() {
  const client = useTRPCClient();
  return useViewsChange((view: { name: string; state: ViewState }) =>
    client.views.create.mutate(view),
  );
}

export function useUpdateView() {
  const client = useTRPCClient();
  return useViewsChange((view: { id: string; name?: string; state?: ViewState }) =>
    client.views.update.mutate(view),
  );
}

export function useRemoveView() {
  const client = useTRPCClient();
  return useViewsChange((id: string) => client.views.remove.mutate({ id }));
}

'use client';
/** What the notebooks' pages ask the server, one hook each. */
import {
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/api/root.ts';
import type { Answered, Question } from '../../server/api/schemas/notebook-evaluate.ts';
import type {
  NotebookSummary,
  NotebookVersionSummary,
  ServerQuestion,
  Unrecorded,
} from '../../server/api/schemas/notebook-requests.ts';
import type { OpenNotebook } from '../../server/api/schemas/notebook-text.ts';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import { answer, type Answer } from './api.ts';
import { keepTextsOf } from './api-notebook-texts.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';

export function useNotebooks(): Answer<readonly NotebookSummary[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.notebooks.list.queryOptions()));
}

/** As it was when the page opened it: the page holds the newest text itself. */
export function useNotebook(id: string): Answer<OpenNotebook> {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  return answer(
    useQuery({
      queryKey: trpc.notebooks.get.queryKey({ id }),
      queryFn: async () => {
        const notebook = await client.notebooks.get.query({ id });
        keepTextsOf(queries, notebook.content);
        return notebook;
      },
      staleTime: Infinity,
      gcTime: 0,
      refetchOnWindowFocus: false,
    }),
  );
}

function useListed() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return {
    trpc,
    refresh: () => client.invalidateQueries(trpc.notebooks.list.queryFilter()),
  };
}

export function useCreateNotebook() {
  const { trpc, refresh } = useListed();
  return useMutation(trpc.notebooks.create.mutationOptions({ onSuccess: refresh }));
}

export function useForkNotebook() {
  const { trpc, refresh } = useListed();
  return useMutation(trpc.notebooks.fork.mutationOptions({ onSuccess: refresh }));
}

export function useSaveNotebook() {
  const { trpc } = useListed();
  return useMutation(trpc.notebooks.save.mutationOptions());
}

export function useDeleteNotebook() {
  const { trpc, refresh } = useListed();
  return {
    remove: useMutation(trpc.notebooks.remove.mutationOptions({ onSuccess: refresh })),
    undelete: useMutation(trpc.notebooks.undelete.mutationOptions({ onSuccess: refresh })),
  };
}

export function useVersions(id: string): Answer<readonly NotebookVersionSummary[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.notebooks.versions.queryOptions({ id })));
}

export function useVersionActions(id: string) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries(trpc.notebooks.versions.queryFilter({ id }));
  return {
    keep: useMutation(trpc.notebooks.keepVersion.mutationOptions({ onSuccess: refresh })),
    restore: useMutation(trpc.notebooks.restoreVersion.mutationOptions({ onSuccess: refresh })),
  };
}

export function usePublishNotebook() {
  const trpc = useTRPC();
  return useMutation(trpc.notebooks.publish.mutationOptions());
}

export function usePublishLive() {
  const trpc = useTRPC();
  return useMutation(trpc.notebooks.publishLive.mutationOptions());
}

/** Questions that this browser does not answer itself. */
export type AskedOfServer = Exclude<Question, { kind: 'javascript' | 'whatif' | 'timeline' }>;

const forServer = (question: AskedOfServer): ServerQuestion =>
  question.kind === 'query'
    ? { ...question, columns: question.columns === null ? null : [...question.columns] }
    : (question as ServerQuestion);

/** Of the module, so that it is computed anew only when an answer came. */
const answersOf = (results: readonly UseQueryResult<Answered>[]): readonly (Answered | null)[] =>
  results.map(({ data, error }) =>
    error !== null ? { status: 'error', message: error.message } : (data ?? null),
  );

/** The server's answers to these questions, in their order; null while there is none. */
export function useServerAnswers(
  questions: readonly AskedOfServer[],
): readonly (Answered | null)[] {
  const client = useTRPCClient();
  const trpc = useTRPC();
  return useQueries({
    queries: questions.map((question) => ({
      // With a method of its own: a failed request is an answer of the cell, and asks again when told so.
      queryKey: [...trpc.notebooks.answer.queryKey(), question],
      queryFn: () => client.notebooks.answer.query(forServer(question)),
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: 1,
    })),
    combine: answersOf,
  });
}

/** Reads a run's recording, once; null where there is none. */
export function useReadReplay(): (id: string) => Promise<ReplayFile | null> {
  const trpc = useTRPC();
  const client = useQueryClient();
  return (id) => client.fetchQuery(trpc.runs.replay.queryOptions({ id }, { staleTime: Infinity }));
}

/** Queues what a run cell lacks. */
export function useRunMissing() {
  const trpc = useTRPC();
  return useMutation(trpc.notebooks.runMissing.mutationOptions());
}

const hasEnded = (error: unknown): boolean =>
  error instanceof TRPCClientError &&
  (error as TRPCClientError<AppRouter>).data?.code === 'CONFLICT';

/** Asks for the end of these runs, the last queued first; one that has ended meanwhile is no failure. */
export function useCancelRuns() {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]): Promise<void> => {
      for (const id of ids.toReversed()) {
        try {
          await client.runs.cancel.mutate({ id });
        } catch (error) {
          if (!hasEnded(error)) throw error;
        }
      }
    },
  });
}

/** Runs that are not stored here, of those behind a pinned result; at most the first 500 are looked for. */
export function useMissingRuns(ids: readonly string[]): Answer<readonly string[]> {
  const trpc = useTRPC();
  const input = { ids: ids.slice(0, 500) };
  return answer(
    useQuery({
      ...trpc.notebooks.missingRuns.queryOptions(input, { staleTime: 60_000 }),
      enabled: ids.length > 0,
    }),
  );
}

/** Which of these runs cannot be replayed; nothing is asked of none. */
export function useUnrecorded(ids: readonly string[]): Answer<Unrecorded> {
  const trpc = useTRPC();
  return answer(
    useQuery({
      ...trpc.notebooks.unrecorded.queryOptions({ ids: [...ids] }, { staleTime: 30_000 }),
      enabled: ids.length > 0,
    }),
  );
}

/** Makes them here. */
export function useRecordRuns() {
  const trpc = useTRPC();
  return useMutation(trpc.notebooks.record.mutationOptions());
}

/** Keeps what JavaScript cells came to here, for live addresses. */
export function useKeepResults() {
  const trpc = useTRPC();
  return useMutation(trpc.notebooks.keepResults.mutationOptions());
}

/** Asks everything once more: for numbers of now. */
export function useAskAgain(): () => void {
  const trpc = useTRPC();
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: trpc.notebooks.answer.queryKey() });
    void client.invalidateQueries({ queryKey: trpc.notebooks.unrecorded.queryKey() });
  };
}

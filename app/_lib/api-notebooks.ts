'use client';
/** What the notebooks' pages ask the server, one hook each. */
import {
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { Answered, Question } from '../../server/api/schemas/notebook-evaluate.ts';
import type {
  NotebookDetail,
  NotebookSummary,
  NotebookVersionSummary,
  ServerQuestion,
} from '../../server/api/schemas/notebook-requests.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';

export function useNotebooks(): Answer<readonly NotebookSummary[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.notebooks.list.queryOptions()));
}

/** As it was when the page opened it: the page holds the newest text itself. */
export function useNotebook(id: string): Answer<NotebookDetail> {
  const trpc = useTRPC();
  return answer(
    useQuery(
      trpc.notebooks.get.queryOptions(
        { id },
        { staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false },
      ),
    ),
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

const forServer = (question: Exclude<Question, { kind: 'javascript' }>): ServerQuestion =>
  question.kind === 'query'
    ? { ...question, columns: [...question.columns] }
    : (question as ServerQuestion);

/** Of the module, so that it is computed anew only when an answer came. */
const answersOf = (results: readonly UseQueryResult<Answered>[]): readonly (Answered | null)[] =>
  results.map(({ data, error }) =>
    error !== null ? { status: 'error', message: error.message } : (data ?? null),
  );

/** The server's answers to these questions, in their order; null while there is none. */
export function useServerAnswers(
  questions: readonly Exclude<Question, { kind: 'javascript' }>[],
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

/** Asks everything once more: for numbers of now. */
export function useAskAgain(): () => void {
  const trpc = useTRPC();
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: trpc.notebooks.answer.queryKey() });
}

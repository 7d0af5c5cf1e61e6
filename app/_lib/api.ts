'use client';
/** Every question that pages ask the server, one hook each; pages never name a procedure. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useCallback, useReducer } from 'react';
import type { OperationCosts } from '../../server/api/routers/learn/operations.ts';
import type { ProtocolEntry } from '../../server/api/routers/learn/protocols.ts';
import type { PermalinkView } from '../../server/api/routers/permalinks/get.ts';
import type { LivePermalink } from '../../server/api/routers/permalinks/list.ts';
import type { SignedCertificate } from '../../server/api/schemas/link-certificate.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Sweep, SweepPrice } from '../../server/api/schemas/sweep.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { Preview, RunDetail, RunSummary } from '../../server/api/schemas/run-view.ts';
import { endStates } from '../../server/api/schemas/run-view.ts';
import { keepTextsOf } from './api-notebook-texts.ts';
import { applyEvent, receivedNow, startLive, type LiveRun } from './live-run.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';

/** What a page needs of a query; `retry` asks again. */
export interface Answer<T> {
  readonly data: T | undefined;
  readonly error: string | null;
  readonly waiting: boolean;
  readonly retry: () => void;
}

export function useCatalog(): Answer<Catalog> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.catalog.get.queryOptions(undefined, { staleTime: 60_000 })));
}

/** Every protocol with its threat model; part of the program, so it never grows old. */
export function useProtocols(): Answer<readonly ProtocolEntry[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.learn.protocols.queryOptions(undefined, { staleTime: Infinity })));
}

/** What every operation costs on every protocol. */
export function useOperationCosts(): Answer<OperationCosts> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.learn.operations.queryOptions(undefined, { staleTime: Infinity })));
}

/** `null` asks nothing: the form is not complete. The last price stays while a new one is computed. */
export function usePreview(spec: RunSpec | null): Answer<Preview> & { readonly stale: boolean } {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.runs.preview.queryOptions(spec as RunSpec, { staleTime: 30_000 }),
    enabled: spec !== null,
    placeholderData: keepPreviousData,
  });
  return { ...answer(query), stale: query.isPlaceholderData || spec === null };
}

/** A run's signed link certificate; it never changes. */
export function useCertificate(id: string): Answer<SignedCertificate> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.runs.certificate.queryOptions({ id }, { staleTime: Infinity })));
}

export function useRun(id: string): Answer<RunDetail> {
  const trpc = useTRPC();
  return answer(
    useQuery(
      trpc.runs.get.queryOptions(
        { id },
        {
          // Events announce every change; this is the net under them.
          refetchInterval: ({ state }) =>
            state.data === undefined || endStates.includes(state.data.state)
              ? false
              : state.data.state === 'queued'
                ? 3_000
                : 10_000,
        },
      ),
    ),
  );
}

/** The newest runs first. */
export function useRuns(limit = 200): Answer<readonly RunSummary[]> {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.runs.list.queryOptions(
      { limit },
      {
        refetchInterval: ({ state }) =>
          state.data?.runs.some((run) => !endStates.includes(run.state)) === true ? 2_000 : 15_000,
      },
    ),
  );
  return { ...answer(query), data: query.data?.runs };
}

export function useCreateRun() {
  const trpc = useTRPC();
  return useMutation(trpc.runs.create.mutationOptions());
}

/** `null` asks nothing: there is no sweep, or a field is wrong. */
export function useSweepPrice(
  sweep: Sweep | null,
): Answer<SweepPrice> & { readonly stale: boolean } {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.runs.priceSweep.queryOptions(sweep as Sweep, { staleTime: 30_000 }),
    enabled: sweep !== null,
    placeholderData: keepPreviousData,
  });
  return { ...answer(query), stale: query.isPlaceholderData || query.isPending };
}

export function useCreateSweep() {
  const trpc = useTRPC();
  return useMutation(trpc.runs.createSweep.mutationOptions());
}

export function useSetPriority(id: string) {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.runs.setPriority.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.runs.get.queryFilter({ id })),
    }),
  );
}

export function useCancelRun(id: string) {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.runs.cancel.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.runs.get.queryFilter({ id })),
    }),
  );
}

/**
 * A run's events as they come, folded into what the page shows. On a reload they are read again from
 * the first; on a lost connection tRPC asks only for those after the last one seen.
 */
export function useLiveRun(id: string): { readonly live: LiveRun; readonly reconnecting: boolean } {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [live, apply] = useReducer(applyEvent, startLive);
  const refresh = useCallback(
    () => void client.invalidateQueries(trpc.runs.get.queryFilter({ id })),
    [client, trpc, id],
  );
  const { status } = useSubscription(
    trpc.runs.events.subscriptionOptions(
      { id },
      {
        onData: ({ data: event }) => {
          apply(receivedNow(event));
          if (endStates.includes(event.state) || event.kind === 'linkCheck') refresh();
        },
      },
    ),
  );
  // The very first connection is no reconnection.
  const reconnecting = status === 'error' || (status === 'connecting' && live.seq > 0);
  return { live, reconnecting };
}

/** Reads one of a run's files; nothing is kept of it. */
export function useArtifact() {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: (file: { readonly id: string; readonly name: string }) =>
      client.runs.artifact.query(file),
  });
}

/** A run's text file, to be read on the page; null asks nothing. What a run left does not change. */
export function useFileText(id: string, name: string | null): Answer<string> {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.runs.artifact.queryOptions({ id, name: name ?? '-' }, { staleTime: Infinity }),
    enabled: name !== null,
  });
  return { ...answer(query), data: query.data?.text };
}

/** The frozen copies of a run that can be read now. */
export function usePermalinksOf(runId: string): Answer<readonly LivePermalink[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.permalinks.list.queryOptions({ runId })));
}

export function usePublish(runId: string) {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.permalinks.create.mutationOptions({
      onSuccess: () => client.invalidateQueries(trpc.permalinks.list.queryFilter({ runId })),
    }),
  );
}

export function useRevoke(runId: string) {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.permalinks.revoke.mutationOptions({
      onSuccess: () => client.invalidateQueries(trpc.permalinks.list.queryFilter({ runId })),
    }),
  );
}

export function usePermalink(slug: string): Answer<PermalinkView> {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  return answer(
    useQuery({
      queryKey: trpc.permalinks.get.queryKey({ slug }),
      queryFn: async () => {
        const view = await client.permalinks.get.query({ slug });
        if (view.kind === 'notebook') keepTextsOf(queries, view.content);
        return view;
      },
      staleTime: Infinity,
    }),
  );
}

export interface SystemStatus {
  readonly workers: number;
  readonly running: number;
  readonly queued: number;
}

/** Null until known. */
export function useSystemStatus(): SystemStatus | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.system.status.queryOptions(undefined, { refetchInterval: 5_000, retry: false }),
  );
  return data ?? null;
}

/** A query as pages see it. */
export function answer<T>(query: {
  readonly data: T | undefined;
  readonly error: { readonly message: string } | null;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}): Answer<T> {
  return {
    data: query.data,
    error: query.error?.message ?? null,
    waiting: query.isPending,
    retry: () => void query.refetch(),
  };
}

'use client';
/** Questions about networks: those that somebody saved, and what this machine can impose. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NetworkSpec } from '../../server/api/schemas/network-spec.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';

export interface BackendState {
  readonly id: 'inline' | 'kernel' | 'none';
  readonly engine: string | null;
  /** Why it cannot be used on this machine; null where it can. */
  readonly why: string | null;
}

/** A probe of the machine, at most every five minutes. */
export function useBackends(): Answer<readonly BackendState[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.networks.backends.queryOptions(undefined, { staleTime: 300_000 })));
}

/** The catalog has them too: whatever shows either is asked again after a change. */
function useNetworksChange<I, O>(change: (input: I) => Promise<O>) {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries(trpc.catalog.pathFilter()),
  });
}

export function useSaveNetwork() {
  const client = useTRPCClient();
  return useNetworksChange((network: NetworkSpec) => client.networks.save.mutate(network));
}

export function useRemoveNetwork() {
  const client = useTRPCClient();
  return useNetworksChange((name: string) => client.networks.remove.mutate({ name }));
}

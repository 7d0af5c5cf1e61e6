'use client';
/** What Learn > Approximations and Learn > Models show; part of the program, apart from trained models. */
import { useQuery } from '@tanstack/react-query';
import type { ApproximationEntry } from '../../server/api/routers/learn/approximations.ts';
import type { ZooListing } from '../../server/api/routers/learn/models.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC } from './trpc.ts';

export function useApproximations(): Answer<readonly ApproximationEntry[]> {
  const trpc = useTRPC();
  return answer(
    useQuery(trpc.learn.approximations.queryOptions(undefined, { staleTime: Infinity })),
  );
}

export function useZooListing(): Answer<ZooListing> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.learn.models.queryOptions(undefined, { staleTime: 60_000 })));
}

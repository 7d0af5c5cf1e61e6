'use client';
/** Questions about trainings, one hook each. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useState } from 'react';
import type {
  StudentPoint,
  TrainingDetail,
  TrainingRequest,
  TrainingSummary,
} from '../../server/api/schemas/training.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';

/** Newest first; asked again every five seconds, since trainings move on. */
export function useTrainings(): Answer<readonly TrainingSummary[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.training.list.queryOptions(undefined, { refetchInterval: 5_000 })));
}

export function useStudents(): Answer<readonly StudentPoint[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.training.pareto.queryOptions(undefined, { staleTime: 30_000 })));
}

/** A training, followed while it lives. */
export function useTraining(id: string): Answer<TrainingDetail> {
  const trpc = useTRPC();
  const query = useQuery(trpc.training.get.queryOptions({ id }));
  const [live, setLive] = useState<TrainingDetail | undefined>(undefined);
  useSubscription(
    trpc.training.follow.subscriptionOptions(
      { id },
      { onData: ({ data }: { data: TrainingDetail }) => setLive(data) },
    ),
  );
  const asked = answer(query);
  return live === undefined ? asked : { ...asked, data: live, error: null, waiting: false };
}

/** Seconds to a minute: steps are timed. */
export function usePriceTraining() {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: (request: TrainingRequest) => client.training.price.mutate(request),
  });
}

export function useCreateTraining() {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: (request: TrainingRequest) => client.training.create.mutate(request),
  });
}

export function useCancelTraining() {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.training.cancel.mutate({ id }),
    onSuccess: () => queries.invalidateQueries(trpc.training.pathFilter()),
  });
}

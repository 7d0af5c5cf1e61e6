'use client';
/** The recording of a run, from which this browser replays it. */
import { useQuery } from '@tanstack/react-query';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import type { ForetoldRun } from '../../server/api/schemas/foretold.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC } from './trpc.ts';

/** Null where nothing was recorded. What a run left does not change. */
export function useReplayFile(id: string): Answer<ReplayFile | null> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.runs.replay.queryOptions({ id }, { staleTime: Infinity })));
}

/** What replays of runs on other networks said about this one; null for a run without a result. */
export function useForetold(id: string): Answer<ForetoldRun | null> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.runs.foretold.queryOptions({ id }, { staleTime: 60_000 })));
}

'use client';
/** The recording of a run, from which this browser replays it. */
import { useQuery } from '@tanstack/react-query';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC } from './trpc.ts';

/** Null where nothing was recorded. What a run left does not change. */
export function useReplayFile(id: string): Answer<ReplayFile | null> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.runs.replay.queryOptions({ id }, { staleTime: Infinity })));
}

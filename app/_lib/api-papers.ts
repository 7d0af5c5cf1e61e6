'use client';
/** What the papers' pages ask the server, one hook each. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SideBySide, SideSubject } from '../../server/api/schemas/papers-side-by-side.ts';
import type {
  CellsPrice,
  PaperCellDetail,
  PaperDetail,
  PaperFindings,
  PaperSlug,
  PaperSummary,
} from '../../server/api/schemas/papers.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC } from './trpc.ts';

/** While something waits or runs, a page looks again soon. */
const soon = 2_000;
const late = 30_000;

export function usePapers(): Answer<readonly PaperSummary[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.papers.list.queryOptions(undefined, { staleTime: 10_000 })));
}

export const underway = ({ tables }: Pick<PaperDetail, 'tables'>): boolean =>
  tables.some(({ cells }) => cells.some(({ attempts }) => attempts.queued + attempts.running > 0));

export function usePaper(slug: PaperSlug): Answer<PaperDetail> {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.papers.get.queryOptions({ slug }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && underway(state.data) ? soon : late,
  });
  return answer(query);
}

/** Null asks nothing: no cell is open. */
export function useCell(id: string | null): Answer<PaperCellDetail> {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.papers.cell.queryOptions({ id: id ?? 'puma.t.r.c' }),
    enabled: id !== null,
    refetchInterval: ({ state }) => {
      const attempts = state.data?.cell.attempts;
      return attempts !== undefined && attempts.queued + attempts.running > 0 ? soon : false;
    },
  });
  return answer(query);
}

export function useFindings(slug: PaperSlug): Answer<PaperFindings> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.papers.findings.queryOptions({ slug })));
}

/** Null asks nothing. */
export function useCellsPrice(
  asked: { readonly ids: readonly string[]; readonly again: boolean } | null,
): Answer<CellsPrice> {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.papers.price.queryOptions({
      ids: [...(asked?.ids ?? ['puma.t.r.c'])],
      again: asked?.again ?? false,
    }),
    enabled: asked !== null,
    staleTime: 10_000,
  });
  return answer(query);
}

export function useQueueCells() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.papers.queue.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.papers.pathFilter()),
    }),
  );
}

export function useSideBySide(subject: SideSubject): Answer<SideBySide> {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.papers.sideBySide.queryOptions({ subject }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.entries.some((entry) => entry.underway !== null) === true ? soon : late,
  });
  return answer(query);
}

export function useQueueSide() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.papers.queueSide.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.papers.sideBySide.pathFilter()),
    }),
  );
}

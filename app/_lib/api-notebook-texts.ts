'use client';
/** Rendered texts of notebooks: those that came with a notebook, and those that are being written. */
import { useDebouncedValue } from '@mantine/hooks';
import {
  keepPreviousData,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import type { OpenContent, RenderedNode } from '../../server/api/schemas/notebook-text.ts';
import { useTRPCClient } from './trpc.ts';

const keyOf = (source: string) => ['notebook-text', source] as const;

/** Keeps what came with a notebook, so that its texts are there when it is drawn. */
export function keepTextsOf(client: QueryClient, content: OpenContent): void {
  if (content.kind !== 'notebook') return;
  for (const { source, nodes } of content.texts) client.setQueryData(keyOf(source), nodes);
}

/** After the last letter, before the server is asked. */
const pauseMs = 150;

export interface RenderedState {
  /** Of this text; of the one before it while it is on its way; null where there is none yet. */
  readonly nodes: readonly RenderedNode[] | null;
  readonly error: string | null;
}

const nothing: readonly RenderedNode[] = [];

export function useRenderedText(source: string): RenderedState {
  const queries = useQueryClient();
  const client = useTRPCClient();
  const [settled] = useDebouncedValue(source, pauseMs);
  const isEmpty = source.trim() === '';
  const isKnown = queries.getQueryData(keyOf(source)) !== undefined;
  const asked = isKnown ? source : settled;
  const { data, error } = useQuery({
    queryKey: keyOf(asked),
    queryFn: async (): Promise<readonly RenderedNode[]> => {
      const [text] = await client.notebooks.render.query({ sources: [asked] });
      return text?.nodes ?? nothing;
    },
    enabled: asked.trim() !== '',
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
  if (isEmpty) return { nodes: nothing, error: null };
  return { nodes: data ?? null, error: error?.message ?? null };
}

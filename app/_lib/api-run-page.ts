'use client';
/** Texts that the exports write, read for the page. */
import { useQuery } from '@tanstack/react-query';
import { answer, type Answer } from './api.ts';

/** The text at an address of an export (`/runs/r_1.bib`); null asks nothing. */
export function useExportText(address: string | null): Answer<string> {
  return answer(
    useQuery({
      queryKey: ['export', address],
      enabled: address !== null,
      staleTime: 60_000,
      queryFn: async () => {
        const response = await fetch(address ?? '');
        const text = await response.text();
        if (response.ok) return text;
        throw new Error(`the server answered ${response.status}: ${text.slice(0, 200)}`);
      },
    }),
  );
}

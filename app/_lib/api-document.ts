'use client';
/** The REST interface's own document, read from where every client reads it. */
import { useQuery } from '@tanstack/react-query';
import { openApiSchema, type OpenApi } from '../../server/api/schemas/openapi-view.ts';
import { answer, type Answer } from './api.ts';

export const documentAddress = '/api/v1/openapi.json';

export function useApiDocument(): Answer<OpenApi> {
  const query = useQuery({
    queryKey: ['openapi'],
    staleTime: Infinity,
    queryFn: async () => {
      const response = await fetch(documentAddress);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      return openApiSchema.parse(await response.json());
    },
  });
  return answer(query);
}

/** The browser's one way to the server: tRPC, with events over server-sent events. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/root.ts';
import { toLoginOn } from './to-login.ts';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

const url = '/api/trpc';

/** A question about a thousand runs, or with a spec or a text in it, is longer than an address may be. */
const longQuestions: readonly string[] = ['compare.runs', 'notebooks.answer', 'notebooks.render'];

export function createClient(): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url, transformer: superjson }),
        false: splitLink({
          condition: ({ path }) => longQuestions.includes(path),
          true: httpLink({ url, transformer: superjson, methodOverride: 'POST' }),
          // The server takes no larger batches (server/api/handle-request.ts).
          false: httpBatchLink({ url, transformer: superjson, maxItems: 10 }),
        }),
      }),
    ],
  });
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    // A session that ended, or none yet: whoever asks is sent to /login and back.
    queryCache: new QueryCache({ onError: toLoginOn }),
    mutationCache: new MutationCache({ onError: toLoginOn }),
    defaultOptions: { queries: { staleTime: 5_000, retry: 1, refetchOnWindowFocus: true } },
  });
}

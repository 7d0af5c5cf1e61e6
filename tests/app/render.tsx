/** Renders a page as a visitor gets it, with a server made of plain functions. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { render, type RenderResult } from '@testing-library/react';
import type { ReactElement } from 'react';
import type { AppRouter } from '../../server/api/root.ts';
import type { RunEvent } from '../../server/api/schemas/run-view.ts';
import { theme } from '../../app/_lib/theme.ts';
import { TRPCProvider } from '../../app/_lib/trpc.ts';
import {
  catalog,
  doneRun,
  exactRun,
  operationCosts,
  preview,
  protocols,
  quadRun,
  summaryOf,
} from '../support/fixtures.ts';
import { compared } from '../compare/fixtures.ts';
import { navigation } from './navigation.ts';

/** A procedure by its path; what it throws becomes the server's error. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

export const defaultAnswers: Answers = {
  'accounts.me': () => ({
    accounts: false,
    user: { id: null, name: 'this machine', role: 'admin' },
    quota: null,
  }),
  'catalog.get': () => catalog,
  'learn.protocols': () => protocols,
  'learn.operations': () => operationCosts,
  'compare.runs': ({ ids }: { ids: readonly string[] }) => ({
    runs: [quadRun, exactRun, doneRun]
      .filter(({ id }) => ids.includes(id))
      .map((run) => compared(run)),
    missing: [],
  }),
  'compare.profiles': ({ a, b }: { a: string; b: string }) =>
    [a, b].map((id) => ({ id, operations: doneRun.operations })),
  'networks.backends': () => [
    { id: 'inline', engine: null, why: null },
    { id: 'kernel', engine: 'switch', why: null },
    { id: 'none', engine: null, why: null },
  ],
  'permalinks.address': () => ({ publicUrl: null }),
  'permalinks.list': () => [],
  'permalinks.newer': () => ({ runs: 0, newest: [] }),
  'runs.citedBy': () => [],
  'runs.preview': () => preview,
  'runs.get': () => doneRun,
  'runs.replay': () => null,
  'runs.foretold': () => null,
  'runs.list': () => ({ runs: [quadRun, exactRun, doneRun].map(summaryOf), nextCursor: null }),
  'runs.events': () => [],
  'system.status': () => ({ workers: 1, running: 0, queued: 0 }),
};

/** Every question that was asked, in order. */
export interface Asked {
  readonly path: string;
  readonly input: unknown;
}

export function renderApp(
  element: ReactElement,
  answers: Answers = {},
): RenderResult & { readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  const all: Answers = { ...defaultAnswers, ...answers };
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        const input: unknown = op.input;
        asked.push({ path: op.path, input });
        const answer = async (): Promise<void> => {
          const handler = all[op.path];
          if (handler === undefined) throw new Error(`no answer for ${op.path}`);
          const data: unknown = await handler(input as never);
          if (op.type !== 'subscription') {
            observer.next({ result: { type: 'data', data } });
            observer.complete();
            return;
          }
          for (const event of data as readonly RunEvent[]) {
            observer.next({
              result: { type: 'data', data: { id: String(event.seq), data: event } },
            });
          }
        };
        answer().catch((error: unknown) =>
          observer.error(
            TRPCClientError.from(error instanceof Error ? error : new Error('failed')),
          ),
        );
      });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const view = render(
    <QueryClientProvider client={queryClient}>
      <TRPCProvider
        trpcClient={createTRPCClient<AppRouter>({ links: [link] })}
        queryClient={queryClient}
      >
        <MantineProvider theme={theme} env="test">
          {element}
        </MantineProvider>
      </TRPCProvider>
    </QueryClientProvider>,
  );
  return { ...view, asked };
}

export function visit(path: string): void {
  const [pathname = '/', query = ''] = path.split('?');
  navigation.path = pathname;
  navigation.query = query;
  navigation.push.mockReset();
  window.history.replaceState(null, '', path);
}

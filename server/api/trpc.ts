/** tRPC itself: superjson, the error table on every procedure, spec issues beside the error's code. */
import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { z } from 'zod';
import type { Context } from './context.ts';
import { issuesOf, toApiError } from './errors.ts';

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  sse: {
    ping: { enabled: true, intervalMs: 3000 },
    client: { reconnectAfterInactivityMs: 20_000 },
  },
  errorFormatter: ({ shape, error }) => {
    // Never a stack: it names folders of this machine.
    const { stack: _, ...data } = shape.data;
    const { cause } = error;
    const message = cause instanceof z.ZodError ? z.prettifyError(cause) : shape.message;
    return { ...shape, message, data: { ...data, issues: issuesOf(error) } };
  },
});

const withErrorTable = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  throw toApiError(result.error);
});

export const { router, createCallerFactory } = t;
export const procedure = t.procedure.use(withErrorTable);
export { toApiError };

/** tRPC itself: superjson, the error table and the rule who may, on every procedure; spec issues beside the error's code. */
import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { z } from 'zod';
import { admitted, objectIn, principalIn } from './admit.ts';
import type { Context } from './context.ts';
import { issuesOf, toApiError } from './errors.ts';
import { needOf, spending } from './permissions.ts';

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

/** The rule of permissions.ts for this procedure, before anything of it happens. */
const withRule = t.middleware(async ({ ctx, path, type, next, getRawInput }) => {
  const changes = type === 'mutation';
  const step = {
    action: path,
    need: needOf(path),
    changes,
    spends: spending.has(path),
    object: changes ? objectIn(await getRawInput()) : null,
  };
  const principal = principalIn(ctx);
  return admitted(
    ctx,
    step,
    () => next({ ctx: { ...ctx, principal } }),
    (result) => !result.ok,
  );
});

export const { router, createCallerFactory } = t;
export const procedure = t.procedure.use(withErrorTable).use(withRule);
export { toApiError };

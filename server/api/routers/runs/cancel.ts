/** Asks for the end of a run; CONFLICT when it has ended already, FORBIDDEN for another's without role. */
import { z } from 'zod';
import { requestCancel } from '../../../runs/lifecycle.ts';
import { requireOwnRun } from '../../own-run.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const cancel = procedure
  .input(z.object({ id: runIdSchema }))
  .mutation(async ({ ctx, input }) => {
    await requireOwnRun(ctx, input.id);
    return { state: await requestCancel(ctx.connection.db, input.id) };
  });

/** Asks for the end of a run; CONFLICT when it has ended already. */
import { z } from 'zod';
import { requestCancel } from '../../../runs/lifecycle.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const cancel = procedure
  .input(z.object({ id: runIdSchema }))
  .mutation(async ({ ctx, input }) => ({
    state: await requestCancel(ctx.connection.db, input.id),
  }));

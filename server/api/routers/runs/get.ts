/** Everything about one run. */
import { z } from 'zod';
import { readAnnotated } from '../../../runs/views.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const get = procedure
  .input(z.object({ id: runIdSchema }))
  .query(({ ctx, input }) => readAnnotated(ctx.connection.db, input.id));

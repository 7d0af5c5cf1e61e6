/** Everything about one run. */
import { z } from 'zod';
import { readOwnPage } from '../../../runs/own-page.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const get = procedure
  .input(z.object({ id: runIdSchema }))
  .query(({ ctx, input }) => readOwnPage(ctx.connection.db, input.id));

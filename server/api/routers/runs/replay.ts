/** What a run's what-if is made from; null for a run of which nothing was recorded. */
import { z } from 'zod';
import { readReplay } from '../../../runs/read-replay.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const replay = procedure
  .input(z.object({ id: runIdSchema }))
  .query(({ ctx, input }) => readReplay(ctx.connection.db, input.id));

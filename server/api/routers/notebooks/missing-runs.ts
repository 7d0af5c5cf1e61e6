/** Which of these runs are not stored here (any more). */
import { z } from 'zod';
import { missingRuns } from '../../../notebooks/missing-runs.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const missing = procedure
  .input(z.strictObject({ ids: z.array(runIdSchema).max(500) }))
  .query(({ ctx, input }) => missingRuns(ctx.connection.db, input.ids));

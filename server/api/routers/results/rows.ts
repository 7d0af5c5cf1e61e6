/** Rows of these runs; those that do not exist are left out. */
import { z } from 'zod';
import { readRows } from '../../../results/list-results.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { mostRows } from '../../schemas/results-limits.ts';
import { procedure } from '../../trpc.ts';

export const rows = procedure
  .input(z.strictObject({ ids: z.array(runIdSchema).max(mostRows) }))
  .query(({ ctx, input }) => readRows(ctx.connection.db, input.ids));

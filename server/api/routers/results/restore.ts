/** The way back of `results.annotate`. */
import { restoreRuns } from '../../../results/annotate-runs.ts';
import { restoreSchema } from '../../schemas/results-requests.ts';
import { procedure } from '../../trpc.ts';

export const restore = procedure
  .input(restoreSchema)
  .mutation(({ ctx, input }) => restoreRuns(ctx.connection.db, input.before));

/** Any number of runs for a comparison, in one answer. */
import { readComparison } from '../../../compare/read-comparison.ts';
import { compareRunsSchema } from '../../schemas/compare-request.ts';
import { procedure } from '../../trpc.ts';

export const runs = procedure
  .input(compareRunsSchema)
  .query(({ ctx, input }) => readComparison(ctx.connection.db, input));

/** What a query finds, a page at a time. */
import { listResults } from '../../../results/list-results.ts';
import { listResultsSchema } from '../../schemas/results-requests.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure
  .input(listResultsSchema)
  .query(({ ctx, input }) =>
    listResults(ctx.connection.db, input.q, input.limit, input.cursor ?? undefined),
  );

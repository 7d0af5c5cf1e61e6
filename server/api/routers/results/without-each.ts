/** How many runs there would be without one term of the query each. */
import { z } from 'zod';
import { countWithoutEach } from '../../../results/summarise-results.ts';
import { querySchema } from '../../schemas/results-requests.ts';
import { procedure } from '../../trpc.ts';

export const withoutEach = procedure
  .input(z.strictObject({ q: querySchema }))
  .query(({ ctx, input }) => countWithoutEach(ctx.connection.db, input.q));

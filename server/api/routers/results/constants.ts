/** Of these columns, the ones that are the same in all runs that a query finds. */
import { z } from 'zod';
import { constantColumns } from '../../../results/summarise-results.ts';
import { columnIdsSchema, querySchema } from '../../schemas/results-requests.ts';
import { procedure } from '../../trpc.ts';

export const constants = procedure
  .input(z.strictObject({ q: querySchema, columns: columnIdsSchema }))
  .query(({ ctx, input }) => constantColumns(ctx.connection.db, input.q, input.columns));

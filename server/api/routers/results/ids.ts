/** Ids of all runs that a query finds, in order; the page reads the rows that it shows. */
import { z } from 'zod';
import { findIds, type FoundIds, type Group } from '../../../results/list-results.ts';
import { querySchema } from '../../schemas/results-requests.ts';
import { procedure } from '../../trpc.ts';

export type { FoundIds, Group };

export const ids = procedure
  .input(z.strictObject({ q: querySchema }))
  .query(({ ctx, input }) => findIds(ctx.connection.db, input.q));

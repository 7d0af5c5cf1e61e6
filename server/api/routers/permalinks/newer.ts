/** Runs of the same specs that ended after a copy was frozen; asked by the page of this installation only. */
import { z } from 'zod';
import { newerRuns, type NewerRuns } from '../../../permalinks/newer-runs.ts';
import { slugSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export type { NewerRuns };

export const newer = procedure
  .input(z.strictObject({ slug: slugSchema }))
  .query(({ ctx, input }) => newerRuns(ctx.connection.db, input.slug));

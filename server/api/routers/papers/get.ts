/** One paper: its assumptions and every table, each cell with what stands beside it now. */
import { z } from 'zod';
import { readPaper } from '../../../papers/index.ts';
import { paperSlugSchema } from '../../schemas/papers-requests.ts';
import { procedure } from '../../trpc.ts';

export const get = procedure
  .input(z.strictObject({ slug: paperSlugSchema }))
  .query(({ ctx, input }) => readPaper(ctx.connection.db, input.slug));

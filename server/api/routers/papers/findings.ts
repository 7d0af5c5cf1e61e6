/** What was found of a paper, sentence by sentence. */
import { z } from 'zod';
import { readFindings } from '../../../papers/index.ts';
import { paperSlugSchema } from '../../schemas/papers-requests.ts';
import { procedure } from '../../trpc.ts';

export const findings = procedure
  .input(z.strictObject({ slug: paperSlugSchema }))
  .query(({ ctx, input }) => readFindings(ctx.connection.db, input.slug));

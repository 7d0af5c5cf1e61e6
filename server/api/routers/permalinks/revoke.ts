/** Takes a permalink back. */
import { z } from 'zod';
import { revokePermalink } from '../../../permalinks/revoke-permalink.ts';
import { slugSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const revoke = procedure
  .input(z.object({ slug: slugSchema }))
  .mutation(({ ctx, input }) => revokePermalink(ctx.connection.db, input.slug));

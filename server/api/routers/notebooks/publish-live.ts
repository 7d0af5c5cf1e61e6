/** An address that shows a notebook as it is whenever somebody looks. */
import { z } from 'zod';
import { publishLive } from '../../../permalinks/publish-live.ts';
import { notebookIdSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const publishLiveOf = procedure
  .input(
    z.strictObject({
      id: notebookIdSchema,
      expiresInDays: z.number().int().min(1).max(3650).nullable().default(null),
    }),
  )
  .mutation(({ ctx, input }) => publishLive(ctx.connection.db, input));

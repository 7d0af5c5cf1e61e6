/** Freezes a notebook whose results are all pinned. */
import { z } from 'zod';
import { publishNotebook } from '../../../permalinks/publish-notebook.ts';
import { notebookTextSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const publish = procedure
  .input(
    z.strictObject({
      text: notebookTextSchema,
      expiresInDays: z.number().int().min(1).max(3650).nullable().default(null),
    }),
  )
  .mutation(({ ctx, input }) => publishNotebook(ctx.connection.db, input));

/** A copy that names its original; `text` takes what is on the page instead of what is saved. */
import { z } from 'zod';
import { forkNotebook } from '../../../notebooks/store.ts';
import { notebookIdSchema, notebookTextSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const fork = procedure
  .input(z.strictObject({ id: notebookIdSchema, text: notebookTextSchema.optional() }))
  .mutation(({ ctx, input }) => forkNotebook(ctx.connection.db, input.id, input.text));

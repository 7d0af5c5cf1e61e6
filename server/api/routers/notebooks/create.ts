/** A new notebook out of a text. */
import { z } from 'zod';
import { createNotebook } from '../../../notebooks/store.ts';
import { notebookTextSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const create = procedure
  .input(z.strictObject({ text: notebookTextSchema }))
  .mutation(({ ctx, input }) => createNotebook(ctx.connection.db, input.text));

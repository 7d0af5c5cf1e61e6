/** One notebook with its text. */
import { z } from 'zod';
import { readNotebookById } from '../../../notebooks/store.ts';
import { notebookIdSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const get = procedure
  .input(z.strictObject({ id: notebookIdSchema }))
  .query(({ ctx, input }) => readNotebookById(ctx.connection.db, input.id));

/** Deletes a notebook, and brings it back. */
import { z } from 'zod';
import { deleteNotebook, undeleteNotebook } from '../../../notebooks/store.ts';
import { notebookIdSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

const input = z.strictObject({ id: notebookIdSchema });

export const remove = procedure
  .input(input)
  .mutation(({ ctx, input: { id } }) => deleteNotebook(ctx.connection.db, id));

export const undelete = procedure
  .input(input)
  .mutation(({ ctx, input: { id } }) => undeleteNotebook(ctx.connection.db, id));

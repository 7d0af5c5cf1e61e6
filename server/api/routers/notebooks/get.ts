/** One notebook, ready to be shown. */
import { z } from 'zod';
import { openNotebook } from '../../../notebooks/open.ts';
import { readNotebookById } from '../../../notebooks/store.ts';
import { notebookIdSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const get = procedure
  .input(z.strictObject({ id: notebookIdSchema }))
  .query(async ({ ctx, input }) =>
    openNotebook(await readNotebookById(ctx.connection.db, input.id)),
  );

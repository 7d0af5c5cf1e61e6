/** Saves over the version that the text was made of, or says that another came first. */
import { saveNotebook } from '../../../notebooks/store.ts';
import { saveNotebookSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const save = procedure
  .input(saveNotebookSchema)
  .mutation(({ ctx, input }) => saveNotebook(ctx.connection.db, input));

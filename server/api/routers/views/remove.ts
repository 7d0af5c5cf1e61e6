/** Deletes a view and answers with what it was. */
import { z } from 'zod';
import { deleteView } from '../../../results/saved-views.ts';
import { viewIdSchema } from '../../schemas/results-view.ts';
import { procedure } from '../../trpc.ts';

export const remove = procedure
  .input(z.strictObject({ id: viewIdSchema }))
  .mutation(({ ctx, input }) => deleteView(ctx.connection.db, input.id));

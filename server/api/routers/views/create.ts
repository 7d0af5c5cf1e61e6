/** Saves the table as it is under a name. */
import { createView } from '../../../results/saved-views.ts';
import { createViewSchema } from '../../schemas/results-view.ts';
import { procedure } from '../../trpc.ts';

export const create = procedure
  .input(createViewSchema)
  .mutation(({ ctx, input }) => createView(ctx.connection.db, input.name, input.state));

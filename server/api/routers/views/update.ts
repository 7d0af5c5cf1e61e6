/** Renames a view, or makes it what the table is now. */
import { updateView } from '../../../results/saved-views.ts';
import { updateViewSchema } from '../../schemas/results-view.ts';
import { procedure } from '../../trpc.ts';

export const update = procedure
  .input(updateViewSchema)
  .mutation(({ ctx, input: { id, ...change } }) => updateView(ctx.connection.db, id, change));

/** All saved views, in the order of their tabs. */
import { listViews } from '../../../results/saved-views.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure.query(({ ctx }) => listViews(ctx.connection.db));

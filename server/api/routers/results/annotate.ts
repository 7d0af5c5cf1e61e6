/** Tags, notes, stars and archiving, many runs at once; answers with what was true before. */
import { annotateRuns } from '../../../results/annotate-runs.ts';
import { annotateSchema } from '../../schemas/results-requests.ts';
import { procedure } from '../../trpc.ts';

export const annotate = procedure
  .input(annotateSchema)
  .mutation(({ ctx, input }) => annotateRuns(ctx.connection.db, input.ids, input.change));

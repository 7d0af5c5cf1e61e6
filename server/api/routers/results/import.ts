/** Results of other tools, as runs of class `imported`; answers with their ids. */
import { importResults } from '../../../results/import-results.ts';
import { importSchema } from '../../schemas/results-import.ts';
import { procedure } from '../../trpc.ts';

export const importFile = procedure
  .input(importSchema)
  .mutation(({ ctx, input }) => importResults(ctx.connection.db, input));

/** Publishes a comparison of ended runs under an unguessable address. */
import { publishComparison as publish } from '../../../permalinks/publish-comparison.ts';
import { publishComparisonSchema } from '../../schemas/compare-request.ts';
import { procedure } from '../../trpc.ts';

export const publishComparison = procedure
  .input(publishComparisonSchema)
  .mutation(({ ctx, input }) => publish(ctx.connection.db, input));

/** What it costs to run these cells, before anything is queued. */
import { priceCells } from '../../../papers/index.ts';
import { askedCellsSchema } from '../../schemas/papers-requests.ts';
import { procedure } from '../../trpc.ts';

export const price = procedure
  .input(askedCellsSchema)
  .query(({ ctx, input }) => priceCells(ctx.connection.db, input.ids, { again: input.again }));

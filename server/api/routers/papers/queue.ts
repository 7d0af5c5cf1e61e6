/** Queues the runs behind these cells; several cells of one spec are one run. */
import { queueCells } from '../../../papers/index.ts';
import { askedCellsSchema } from '../../schemas/papers-requests.ts';
import { runContextOf } from '../../context.ts';
import { procedure } from '../../trpc.ts';

export const queue = procedure
  .input(askedCellsSchema)
  .mutation(({ ctx, input }) => queueCells(runContextOf(ctx), input.ids, { again: input.again }));

/** Queues the runs behind these cells; several cells of one spec are one run. */
import { queueCells } from '../../../papers/index.ts';
import { askedCellsSchema } from '../../schemas/papers-requests.ts';
import { procedure } from '../../trpc.ts';

export const queue = procedure
  .input(askedCellsSchema)
  .mutation(({ ctx, input }) =>
    queueCells({ db: ctx.connection.db, queue: ctx.queue }, input.ids, { again: input.again }),
  );

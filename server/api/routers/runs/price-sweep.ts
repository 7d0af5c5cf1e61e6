/** Every run of a sweep with its price; what is wrong with one is in its `issues`. */
import { priceSweep } from '../../../runs/sweep.ts';
import { sweepSchema } from '../../schemas/sweep.ts';
import { procedure } from '../../trpc.ts';

export const priceSweepOf = procedure
  .input(sweepSchema)
  .query(({ ctx, input }) => priceSweep(ctx.connection.db, input, ctx.principal?.userId));

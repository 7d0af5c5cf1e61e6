/** Queues all runs of a sweep under one tag, or none of them. */
import { createSweep } from '../../../runs/sweep.ts';
import { sweepSchema } from '../../schemas/sweep.ts';
import { runContextOf } from '../../context.ts';
import { procedure } from '../../trpc.ts';

export const createSweepOf = procedure
  .input(sweepSchema)
  .mutation(({ ctx, input }) => createSweep(runContextOf(ctx), input));

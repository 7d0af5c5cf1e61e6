/** Asks for the end of a training; its best checkpoint is kept. CONFLICT when it has ended. */
import { z } from 'zod';
import { cancelTraining } from '../../../runs/training/create-training.ts';
import { trainingIdSchema } from '../../schemas/training.ts';
import { procedure } from '../../trpc.ts';

export const cancel = procedure
  .input(z.object({ id: trainingIdSchema }))
  .mutation(async ({ ctx, input }) => {
    await cancelTraining(ctx.connection.db, input.id);
    return { id: input.id };
  });

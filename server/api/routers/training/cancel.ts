/**
 * Asks for the end of a training; its best checkpoint is kept. CONFLICT when it has ended, FORBIDDEN for
 * another's without role.
 */
import { z } from 'zod';
import { cancelTraining } from '../../../runs/training/create-training.ts';
import { requireOwnTraining } from '../../own-run.ts';
import { trainingIdSchema } from '../../schemas/training.ts';
import { procedure } from '../../trpc.ts';

export const cancel = procedure
  .input(z.object({ id: trainingIdSchema }))
  .mutation(async ({ ctx, input }) => {
    await requireOwnTraining(ctx, input.id);
    await cancelTraining(ctx.connection.db, input.id);
    return { id: input.id };
  });

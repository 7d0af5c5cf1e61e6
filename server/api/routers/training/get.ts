/** One training with its curves and recipe. */
import { z } from 'zod';
import { readTraining } from '../../../runs/training/read-trainings.ts';
import { trainingIdSchema } from '../../schemas/training.ts';
import { procedure } from '../../trpc.ts';

export const get = procedure
  .input(z.object({ id: trainingIdSchema }))
  .query(({ ctx, input }) => readTraining(ctx.connection.db, input.id));

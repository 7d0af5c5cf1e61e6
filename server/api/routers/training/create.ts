/** Queues a training; CONFLICT when its product's name is taken. */
import { createTraining } from '../../../runs/training/create-training.ts';
import { trainingRequestSchema } from '../../schemas/training.ts';
import { runContextOf } from '../../context.ts';
import { procedure } from '../../trpc.ts';

export const create = procedure
  .input(trainingRequestSchema)
  .mutation(({ ctx, input }) => createTraining(runContextOf(ctx), input));

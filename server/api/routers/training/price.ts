/** What a training would take, from a few timed steps: seconds to a minute. */
import { priceTraining } from '../../../runs/training/create-training.ts';
import { trainingRequestSchema } from '../../schemas/training.ts';
import { procedure } from '../../trpc.ts';

export const price = procedure
  .input(trainingRequestSchema)
  .mutation(({ input }) => priceTraining(input));

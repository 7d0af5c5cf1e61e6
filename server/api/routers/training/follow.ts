/** A training as server-sent events: whole, whenever it changed; ends after its end state. */
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { followTraining } from '../../../runs/training/read-trainings.ts';
import { procedureNeeds } from '../../permissions.ts';
import { trainingIdSchema } from '../../schemas/training.ts';
import { procedure, toApiError } from '../../trpc.ts';
import { whileAllowed } from '../../while-allowed.ts';

export const follow = procedure
  // Every event is the whole training, so a browser that reconnects needs no place to go on from.
  .input(z.object({ id: trainingIdSchema, lastEventId: z.string().nullish() }))
  .subscription(async function* ({ ctx, input, signal }) {
    const watch = whileAllowed(ctx, procedureNeeds['training.follow'], signal);
    let seq = 0;
    try {
      for await (const detail of followTraining(ctx.connection.db, input.id, watch.signal)) {
        seq += 1;
        yield tracked(String(seq), detail);
      }
      watch.throwIfRefused();
    } catch (error) {
      throw toApiError(error);
    } finally {
      watch.stop();
    }
  });

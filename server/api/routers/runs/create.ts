/** Queues a run; BAD_REQUEST with `data.issues` (field, value, fix) when it cannot be run. */
import { createRun } from '../../../runs/create-run.ts';
import { anySpecSchema } from '../../schemas/requests.ts';
import { runContextOf } from '../../context.ts';
import { procedure } from '../../trpc.ts';

export const create = procedure
  .input(anySpecSchema)
  .mutation(({ ctx, input }) => createRun(runContextOf(ctx), input, 'web'));

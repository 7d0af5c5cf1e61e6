/** Moves a run that waits; CONFLICT when it no longer does, FORBIDDEN for what only editors may. */
import { z } from 'zod';
import { requireOwnRun, requireMayRaise } from '../../own-run.ts';
import { moveInQueue } from '../../../runs/move-in-queue.ts';
import { runContextOf } from '../../context.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { runPriorities } from '../../schemas/run-view.ts';
import { procedure } from '../../trpc.ts';

export const setPriority = procedure
  .input(z.object({ id: runIdSchema, priority: z.enum(runPriorities) }))
  .mutation(async ({ ctx, input: { id, priority } }) => {
    await requireOwnRun(ctx, id);
    requireMayRaise(ctx, priority);
    await moveInQueue(runContextOf(ctx), id, priority);
    return { priority };
  });

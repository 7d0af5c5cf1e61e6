/** The three papers' methods on one model, data, network and machine. */
import { z } from 'zod';
import { queueSideBySide, readSideBySide } from '../../../papers/side-by-side.ts';
import { sideSubjects } from '../../schemas/papers-side-by-side.ts';
import { sideEntrySchema } from '../../schemas/papers-requests.ts';
import { runContextOf } from '../../context.ts';
import { procedure } from '../../trpc.ts';

export const sideBySide = procedure
  .input(z.strictObject({ subject: z.enum(sideSubjects) }))
  .query(({ ctx, input }) => readSideBySide(ctx.connection.db, input.subject));

/** Queues the run of one entry, unless it waits or runs already; answers with the run's id. */
export const queueSide = procedure
  .input(sideEntrySchema)
  .mutation(({ ctx, input }) => queueSideBySide(runContextOf(ctx), input));

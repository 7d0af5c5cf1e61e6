/** Queues what a run cell lacks of the runs that its spec asks for. */
import { z } from 'zod';
import { queueMissing } from '../../../notebooks/cell-runs.ts';
import { anySpecSchema } from '../../schemas/requests.ts';
import { runContextOf } from '../../context.ts';
import { procedure } from '../../trpc.ts';

export const runMissing = procedure
  .input(z.strictObject({ spec: anySpecSchema }))
  .mutation(({ ctx, input }) => queueMissing(runContextOf(ctx), input.spec));

/** Runs of a what-if or timeline that have no recording; and making them here, which records them. */
import { z } from 'zod';
import { recordRuns, unrecorded as unrecordedOf } from '../../../notebooks/recordings.ts';
import { mostReplayed } from '../../schemas/notebook-run-charts.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { runContextOf } from '../../context.ts';
import { procedure } from '../../trpc.ts';

const input = z.strictObject({ ids: z.array(runIdSchema).min(1).max(mostReplayed) });

export const unrecorded = procedure
  .input(input)
  .query(({ ctx, input: { ids } }) => unrecordedOf(ctx.connection.db, ids));

export const record = procedure
  .input(input)
  .mutation(({ ctx, input: { ids } }) => recordRuns(runContextOf(ctx), ids));

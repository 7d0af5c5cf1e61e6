/** What replays of runs on other networks said about a run, beside what was measured. */
import { z } from 'zod';
import { readForetold } from '../../../runs/foretell.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const foretold = procedure
  .input(z.object({ id: runIdSchema }))
  .query(({ ctx, input }) => readForetold(ctx.connection.db, input.id));

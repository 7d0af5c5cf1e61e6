/** Publishes an ended run under an unguessable address. */
import { z } from 'zod';
import { createPermalink } from '../../../permalinks/create-permalink.ts';
import { expiresInDaysSchema } from '../../schemas/compare-request.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const create = procedure
  .input(z.object({ runId: runIdSchema, expiresInDays: expiresInDaysSchema }))
  .mutation(({ ctx, input }) =>
    createPermalink(ctx.connection.db, input.runId, input.expiresInDays),
  );

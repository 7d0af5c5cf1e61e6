/** The frozen copies of a run that have not been taken back. */
import { z } from 'zod';
import { listPermalinks, type LivePermalink } from '../../../permalinks/list-permalinks.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export type { LivePermalink };

export const list = procedure
  .input(z.object({ runId: runIdSchema }))
  .query(({ ctx, input }) => listPermalinks(ctx.connection.db, input.runId));

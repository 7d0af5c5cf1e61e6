/** Notebooks that cite a run. */
import { z } from 'zod';
import { notebooksCiting, type CitingNotebook } from '../../../notebooks/citing.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export type { CitingNotebook };

export const citedBy = procedure
  .input(z.strictObject({ id: runIdSchema }))
  .query(({ ctx, input }) => notebooksCiting(ctx.connection.db, input.id));

/** The audit log, a page at a time, newest first; all of it is the file /api/audit. */
import { z } from 'zod';
import { readAudit } from '../../../accounts/audit.ts';
import { procedure } from '../../trpc.ts';

export const audit = procedure
  .input(
    z.strictObject({
      limit: z.number().int().min(1).max(200).default(50),
      cursor: z.uuid().optional(),
    }),
  )
  .query(({ ctx, input }) => readAudit(ctx.connection.db, input));

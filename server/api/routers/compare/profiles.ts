/** Where the time and the bytes of two runs went. */
import { z } from 'zod';
import { readProfiles } from '../../../compare/read-comparison.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const profiles = procedure
  .input(z.strictObject({ a: runIdSchema, b: runIdSchema }))
  .query(({ ctx, input }) => readProfiles(ctx.connection.db, [input.a, input.b]));

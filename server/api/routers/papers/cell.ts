/** One cell with its recipe, its history over engine commits and its price. */
import { z } from 'zod';
import { readCell } from '../../../papers/index.ts';
import { cellIdSchema } from '../../schemas/papers-requests.ts';
import { procedure } from '../../trpc.ts';

export const cell = procedure
  .input(z.strictObject({ id: cellIdSchema }))
  .query(({ ctx, input }) => readCell(ctx.connection.db, input.id));

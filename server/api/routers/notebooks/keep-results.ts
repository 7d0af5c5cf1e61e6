/** Keeps what JavaScript cells came to in a browser, for live addresses. */
import { z } from 'zod';
import { keepResults as keep } from '../../../notebooks/kept-results.ts';
import { pinnedSchema } from '../../schemas/notebook-cells.ts';
import { mostKeptAtOnce, questionHashPattern } from '../../schemas/notebook-question.ts';
import { notebookIdSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

const resultSchema = z.strictObject({
  question: z.string().regex(questionHashPattern, 'a question is 14 hexadecimal digits'),
  value: pinnedSchema.shape.value,
});

export const keepResults = procedure
  .input(
    z.strictObject({
      id: notebookIdSchema,
      results: z.array(resultSchema).min(1).max(mostKeptAtOnce),
    }),
  )
  .mutation(({ ctx, input }) => keep(ctx.connection.db, input.id, input.results));

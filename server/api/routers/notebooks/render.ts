/** Markdown texts as they are shown: for one that is being written. */
import { z } from 'zod';
import { renderTexts } from '../../../notebooks/text-thread.ts';
import { longestSource } from '../../schemas/notebook-kinds.ts';
import { mostTexts } from '../../schemas/notebook-text.ts';
import { procedure } from '../../trpc.ts';

export const render = procedure
  .input(z.strictObject({ sources: z.array(z.string().max(longestSource)).max(mostTexts) }))
  .query(({ input }) => renderTexts(input.sources));

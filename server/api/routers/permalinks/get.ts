/** The frozen snapshot; NOT_FOUND for unknown, revoked and expired ones alike. */
import { z } from 'zod';
import { readPermalink, type PermalinkView } from '../../../permalinks/read-permalink.ts';
import { slugSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export type { PermalinkView };

export const get = procedure
  .input(z.object({ slug: slugSchema }))
  .query(({ ctx, input }) => readPermalink(ctx.connection.db, input.slug));

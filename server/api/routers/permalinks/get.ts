/** The frozen snapshot; NOT_FOUND for unknown, revoked and expired ones alike. */
import { z } from 'zod';
import { openContent } from '../../../notebooks/open.ts';
import {
  readPermalink,
  type NotebookPermalink,
  type PermalinkView as StoredView,
} from '../../../permalinks/read-permalink.ts';
import type { OpenContent } from '../../schemas/notebook-text.ts';
import { slugSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

/** A notebook comes read and rendered; everything else as it was frozen. */
export type PermalinkView =
  | Exclude<StoredView, NotebookPermalink>
  | (Omit<NotebookPermalink, 'text'> & { readonly content: OpenContent });

export const get = procedure
  .input(z.object({ slug: slugSchema }))
  .query(async ({ ctx, input }): Promise<PermalinkView> => {
    const view = await readPermalink(ctx.connection.db, input.slug);
    if (view.kind !== 'notebook') return view;
    const { text, ...rest } = view;
    return { ...rest, content: await openContent(text) };
  });

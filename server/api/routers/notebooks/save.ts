/** Saves over the version that the text was made of, or says that another came first. */
import { openNotebook } from '../../../notebooks/open.ts';
import { saveNotebook } from '../../../notebooks/store.ts';
import { saveNotebookSchema } from '../../schemas/notebook-requests.ts';
import type { OpenNotebook } from '../../schemas/notebook-text.ts';
import { procedure } from '../../trpc.ts';

/** A save either went through, or somebody else's came first and both notebooks are still there. */
export type SaveView =
  | { readonly status: 'saved'; readonly version: number; readonly updatedAt: string }
  | { readonly status: 'conflict'; readonly theirs: OpenNotebook };

export const save = procedure
  .input(saveNotebookSchema)
  .mutation(async ({ ctx, input }): Promise<SaveView> => {
    const answer = await saveNotebook(ctx.connection.db, input);
    if (answer.status === 'saved') return answer;
    return { status: 'conflict', theirs: await openNotebook(answer.theirs) };
  });

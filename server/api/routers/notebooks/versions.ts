/** Named versions: the list, one of them, naming what is saved now, and going back. */
import { z } from 'zod';
import { openNotebook } from '../../../notebooks/open.ts';
import {
  listVersions,
  nameVersion,
  readVersion,
  restoreVersion,
} from '../../../notebooks/versions.ts';
import { notebookIdSchema, versionNameSchema } from '../../schemas/notebook-requests.ts';
import type { OpenNotebook } from '../../schemas/notebook-text.ts';
import { procedure } from '../../trpc.ts';

/** The notebook as it is then; a conflict where it was changed meanwhile. */
export type RestoreView =
  | { readonly status: 'saved'; readonly notebook: OpenNotebook }
  | { readonly status: 'conflict' };

const number = z.number().int().min(1);

export const versions = procedure
  .input(z.strictObject({ id: notebookIdSchema }))
  .query(({ ctx, input }) => listVersions(ctx.connection.db, input.id));

export const version = procedure
  .input(z.strictObject({ id: notebookIdSchema, number }))
  .query(({ ctx, input }) => readVersion(ctx.connection.db, input.id, input.number));

export const keepVersion = procedure
  .input(z.strictObject({ id: notebookIdSchema, name: versionNameSchema }))
  .mutation(({ ctx, input }) => nameVersion(ctx.connection.db, input.id, input.name));

export const restoreVersionOf = procedure
  .input(z.strictObject({ id: notebookIdSchema, number, base: number }))
  .mutation(async ({ ctx, input }): Promise<RestoreView> => {
    const answer = await restoreVersion(ctx.connection.db, input.id, input.number, input.base);
    if (answer.status === 'conflict' || answer.notebook === undefined)
      return { status: 'conflict' };
    return { status: 'saved', notebook: await openNotebook(answer.notebook) };
  });

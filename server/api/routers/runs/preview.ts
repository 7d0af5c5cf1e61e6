/** The price of a spec before it runs. What is wrong with it is in `issues`, not an error. */
import { previewRun } from '../../../runs/preview-run.ts';
import { anySpecSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const preview = procedure
  .input(anySpecSchema)
  .query(({ ctx, input }) => previewRun(ctx.connection.db, input, ctx.principal?.userId));

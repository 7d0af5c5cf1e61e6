/** Runs newest first, a page at a time. */
import { specHashOfPreset } from '../../../runs/presets.ts';
import { listRuns } from '../../../runs/views.ts';
import { listRunsSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure.input(listRunsSchema).query(async ({ ctx, input }) => {
  const specHash = input.preset === undefined ? undefined : await specHashOfPreset(input.preset);
  const filter = { states: input.states, model: input.model, specHash };
  return listRuns(ctx.connection.db, filter, input.limit, input.cursor ?? undefined);
});

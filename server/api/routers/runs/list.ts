/** Runs of this installation, newest first, a page at a time. Shipped ones are found by the results. */
import { specHashOfPreset } from '../../../runs/presets.ts';
import { listRuns } from '../../../runs/views.ts';
import { listRunsSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure.input(listRunsSchema).query(async ({ ctx, input }) => {
  const specHash = input.preset === undefined ? undefined : await specHashOfPreset(input.preset);
  const filter = { states: input.states, model: input.model, specHash, shipped: false };
  return listRuns(ctx.connection.db, filter, input.limit, input.cursor ?? undefined);
});

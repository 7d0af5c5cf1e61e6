/**
 * Progress of a run as server-sent events, each tracked by its number: a browser that reconnects goes
 * on where it was. Ends after the run's end state, or with the right to read it.
 */
import { tracked } from '@trpc/server';
import { followEvents } from '../../../runs/events.ts';
import { readSummary } from '../../../runs/views.ts';
import { procedureNeeds } from '../../permissions.ts';
import { runEventsSchema } from '../../schemas/requests.ts';
import { procedure, toApiError } from '../../trpc.ts';
import { whileAllowed } from '../../while-allowed.ts';

export const events = procedure.input(runEventsSchema).subscription(async function* ({
  ctx,
  input,
  signal,
}) {
  const after = Number(input.lastEventId ?? 0);
  const watch = whileAllowed(ctx, procedureNeeds['runs.events'], signal);
  try {
    await readSummary(ctx.connection.db, input.id);
    const from = Number.isSafeInteger(after) && after > 0 ? after : 0;
    for await (const event of followEvents(ctx.connection, input.id, from, watch.signal)) {
      yield tracked(String(event.seq), event);
    }
    watch.throwIfRefused();
  } catch (error) {
    throw toApiError(error);
  } finally {
    watch.stop();
  }
});

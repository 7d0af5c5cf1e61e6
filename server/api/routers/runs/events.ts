/**
 * Progress of a run as server-sent events, each tracked by its number: a browser that reconnects goes
 * on where it was. Ends after the run's end state.
 */
import { tracked } from '@trpc/server';
import { followEvents } from '../../../runs/events.ts';
import { readSummary } from '../../../runs/views.ts';
import { runEventsSchema } from '../../schemas/requests.ts';
import { procedure, toApiError } from '../../trpc.ts';

export const events = procedure.input(runEventsSchema).subscription(async function* ({
  ctx,
  input,
  signal,
}) {
  const after = Number(input.lastEventId ?? 0);
  try {
    await readSummary(ctx.connection.db, input.id);
    const end = signal ?? new AbortController().signal;
    const from = Number.isSafeInteger(after) && after > 0 ? after : 0;
    for await (const event of followEvents(ctx.connection, input.id, from, end)) {
      yield tracked(String(event.seq), event);
    }
  } catch (error) {
    throw toApiError(error);
  }
});

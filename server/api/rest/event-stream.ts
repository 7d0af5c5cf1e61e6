/** Progress of a run as server-sent events, for clients that are not our pages. */
import { followEvents } from '../../runs/events.ts';
import { readSummary } from '../../runs/views.ts';
import type { Context } from '../context.ts';
import { restNeeds } from '../permissions.ts';
import { whileAllowed } from '../while-allowed.ts';
import type { Streamed } from './route.ts';

/** Proxies close connections on which nothing is said. */
const sayEveryMs = 15_000;

/** @throws RunError 'notFound' before anything is streamed */
export async function eventStream(
  context: Context,
  runId: string,
  after: number,
  request: Request,
): Promise<Streamed> {
  const { connection } = context;
  await readSummary(connection.db, runId);
  const header = Number(request.headers.get('last-event-id') ?? NaN);
  const from = Number.isSafeInteger(header) && header > 0 ? header : after;
  const gone = new AbortController();
  request.signal.addEventListener('abort', () => gone.abort(), { once: true });
  const watch = whileAllowed(context, restNeeds['followRun'] ?? 'administer', gone.signal);
  const events = followEvents(connection, runId, from, watch.signal);
  const encoder = new TextEncoder();
  let pulse: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Sent at once, so that the client knows the run is there before anything happens to it.
      controller.enqueue(encoder.encode(': parley\n\n'));
      pulse = setInterval(() => controller.enqueue(encoder.encode(':\n\n')), sayEveryMs);
    },
    async pull(controller) {
      const { value, done } = await events.next();
      if (done === true) {
        clearInterval(pulse);
        watch.stop();
        controller.close();
        return;
      }
      const data = JSON.stringify(value);
      controller.enqueue(
        encoder.encode(`id: ${value.seq}\nevent: ${value.kind}\ndata: ${data}\n\n`),
      );
    },
    cancel() {
      clearInterval(pulse);
      watch.stop();
      gone.abort();
    },
  });
  return { type: 'text/event-stream; charset=utf-8', body };
}

/** GET /api/audit: the whole audit log, newest first, a JSON object a line. For administrators. */
import { exportAudit } from '../accounts/audit.ts';
import { refusalAt } from './admit.ts';
import { createContext, type Context } from './context.ts';

/** Answers one request for the log. */
export async function handleAudit(
  request: Request,
  context: () => Promise<Context> = createContext,
): Promise<Response> {
  const database = async () => (await context()).connection.db;
  const refusal = await refusalAt(request, 'administer', database);
  if (refusal !== undefined) return refusal;
  const pieces = exportAudit(await database());
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await pieces.return(undefined)),
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Content-Disposition': 'attachment; filename="parley-audit.ndjson"',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

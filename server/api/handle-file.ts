/**
 * A run's file as it lies in the data folder, streamed: GET /api/files/<run>/<name>. For files of any
 * size; the hash in the ETag is the one on the run's page.
 */
import { Readable } from 'node:stream';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { openArtifact } from '../runs/artifacts.ts';
import { refusalAt } from './admit.ts';
import { createContext, type Context } from './context.ts';
import { toApiError } from './errors.ts';
import { artifactSchema } from './schemas/requests.ts';

/** Answers one request for a file of a run. */
export async function handleFile(
  request: Request,
  context: () => Promise<Context> = createContext,
): Promise<Response> {
  const refusal = await refusalAt(request, 'read', async () => (await context()).connection.db);
  if (refusal !== undefined) return refusal;
  const { pathname } = new URL(request.url);
  const [, id, name] = /^\/api\/files\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  const asked = artifactSchema.safeParse({ id, name });
  if (!asked.success) {
    return Response.json(
      { message: `There is no ${pathname}; a file is /api/files/<run>/<name>.` },
      { status: 404 },
    );
  }
  try {
    const { db } = (await context()).connection;
    const { stream, bytes, sha256 } = await openArtifact(db, asked.data.id, asked.data.name);
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(bytes),
        'Content-Disposition': `attachment; filename="${asked.data.id}-${asked.data.name}"`,
        'X-Content-Type-Options': 'nosniff',
        'X-Robots-Tag': 'noindex',
        'Cache-Control': 'private, no-cache',
        ETag: `"${sha256}"`,
      },
    });
  } catch (error) {
    const failure = toApiError(error);
    const status = getHTTPStatusCodeFromError(failure);
    return Response.json({ message: failure.message }, { status });
  }
}

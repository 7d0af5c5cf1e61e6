/** HTTP in front of tRPC: who may ask (refusal.ts), how much (a body limit), who it is, then tRPC. */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { contextOf } from './context.ts';
import { refusalOf, refuse } from './refusal.ts';
import { appRouter } from './root.ts';

/** The largest spec is a few kilobytes. */
const mostBodyBytes = 256 * 1024;

/** A notebook carries its pinned results. */
const mostBytesOf = (url: string): number =>
  /\/api\/trpc\/[\w.,]*notebooks\.(save|create|fork|publish)\b/.test(url)
    ? 5_000_000
    : mostBodyBytes;

/** The request with its body read, or a refusal when it is longer than allowed. */
export async function withBody(request: Request): Promise<Request | Response> {
  if (request.body === null) return request;
  const most = mostBytesOf(request.url);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of request.body) {
    bytes += piece.byteLength;
    if (bytes > most) return refuse(413, `The body is longer than ${most} bytes.`);
    pieces.push(piece);
  }
  const { method, headers, signal } = request;
  return new Request(request.url, { method, headers, signal, body: Buffer.concat(pieces) });
}

/** Answers one request to /api/trpc. */
export async function handleRequest(request: Request): Promise<Response> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refusal;
  const checked = await withBody(request);
  if (checked instanceof Response) return checked;
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: checked,
    router: appRouter,
    createContext: () => contextOf(checked),
    maxBatchSize: 20,
    // A question about a thousand runs is longer than an address may be.
    allowMethodOverride: true,
  });
}

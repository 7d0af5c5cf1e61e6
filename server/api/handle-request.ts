/**
 * HTTP in front of tRPC: who may ask (this machine's own pages), how much (a body limit), then tRPC.
 *
 * Parley has no accounts yet and listens on loopback; what is left to fear is another web page in the
 * same browser. So a request must name a host we serve (no DNS rebinding) and, if it changes
 * something, come from our own origin.
 */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createContext } from './context.ts';
import { appRouter } from './root.ts';

/** The largest spec is a few kilobytes. */
const mostBodyBytes = 256 * 1024;

const ownHosts = (): readonly string[] => [
  'localhost',
  '127.0.0.1',
  '[::1]',
  ...(process.env['PARLEY_HOSTS'] ?? '').split(',').filter((host) => host !== ''),
];

const refuse = (status: number, message: string): Response =>
  Response.json({ message }, { status });

/** Why a request is not answered at all; undefined where it may be. */
export function refusalOf(request: Request): Response | undefined {
  const host = request.headers.get('host') ?? '';
  if (!ownHosts().includes(host.replace(/:\d+$/, ''))) {
    return refuse(403, `Host "${host}" is not served here; see PARLEY_HOSTS.`);
  }
  const origin = request.headers.get('origin');
  if (origin !== null && URL.parse(origin)?.host !== host) {
    return refuse(403, "Only Parley's own pages may call this.");
  }
  if (request.headers.get('sec-fetch-site') === 'cross-site') {
    return refuse(403, "Only Parley's own pages may call this.");
  }
  return undefined;
}

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
    createContext,
    maxBatchSize: 20,
    // A question about a thousand runs is longer than an address may be.
    allowMethodOverride: true,
  });
}

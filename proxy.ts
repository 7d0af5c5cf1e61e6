/**
 * Refuses hosts that are not ours, and gives every page a fresh nonce and the content security policy
 * that demands it (app/_lib/csp.ts).
 * Embeds have no script and say their own (server/compare/embed-page.ts).
 */
import { NextResponse, type NextRequest } from 'next/server';
import { contentSecurityPolicy } from './app/_lib/csp.ts';
import { refusalOfHost } from './server/api/refusal.ts';

export function proxy(request: NextRequest): Response {
  const refusal = refusalOfHost(request);
  if (refusal !== undefined) return refusal;
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Next reads the nonce for its own scripts from this request header.
  headers.set('Content-Security-Policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

export const config = { matcher: ['/((?!api/|embed/|_next/static|icon.svg).*)'] };

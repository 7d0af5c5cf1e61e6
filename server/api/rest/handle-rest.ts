/**
 * Answers /api/v1: finds the path, judges parameters and body, calls the use case, and tells every
 * refusal in one form (`errorSchema`), naming field, value and fix where something can be mended.
 */
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { z } from 'zod';
import { RunError, specIssue, type SpecIssue } from '../../runs/errors.ts';
import { admitted, objectIn } from '../admit.ts';
import { contextOf, createContext, type Context } from '../context.ts';
import { issuesOf, toApiError } from '../errors.ts';
import { withBody } from '../handle-request.ts';
import { restNeeds, restSpending } from '../permissions.ts';
import { refusalOf } from '../refusal.ts';
import type { RestError } from './common.ts';
import { openApiDocument } from './openapi.ts';
import { isJson, type Asked, type Route, type Streamed } from './route.ts';
import { routesAt } from './routes.ts';

const prefix = '/api/v1';
const headers = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' } as const;

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );

function fixFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `Remove ${issue.keys.join(', ')}.`;
  if (issue.code === 'invalid_value') {
    return `Use ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
  }
  if (issue.code === 'too_small') return `Use at least ${issue.minimum}.`;
  if (issue.code === 'too_big') return `Use at most ${issue.maximum}.`;
  if (issue.code === 'invalid_type') return `Give a value of type ${issue.expected}.`;
  return 'See /api/v1/openapi.json.';
}

/** What does not fit the schema, as issues. @throws RunError 'invalid' */
function judged(what: string, schema: z.ZodType, input: unknown): unknown {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues: SpecIssue[] = parsed.error.issues.map((issue) =>
    specIssue(
      issue.path.join('.') || what,
      valueAt(input, issue.path),
      issue.message.replace(/^Invalid input: /, ''),
      fixFor(issue),
    ),
  );
  throw new RunError('invalid', issues.map(({ message }) => message).join(' '), issues);
}

/** Names that the query string must not have are a mistake, not to be passed over. */
function queryOf(route: Route, query: URLSearchParams): unknown {
  const known = route.query === null ? [] : Object.keys(route.query.shape);
  const stranger = [...query.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const fix =
      known.length === 0 ? `Remove ${stranger}.` : `Use ${known.join(' or ')}, or remove it.`;
    const issue = specIssue(stranger, query.get(stranger) ?? '', 'there is no such parameter', fix);
    throw new RunError('invalid', issue.message, [issue]);
  }
  return route.query === null ? undefined : judged('query', route.query, Object.fromEntries(query));
}

async function bodyOf(route: Route, request: Request): Promise<unknown> {
  if (route.body === null) return undefined;
  const text = await request.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const fix = 'Send JSON, with Content-Type: application/json.';
    const issue = specIssue('body', text.slice(0, 40), 'not JSON', fix);
    throw new RunError('invalid', issue.message, [issue]);
  }
  return route.judgedLater === true ? value : judged('body', route.body, value);
}

const refuse = (
  status: number,
  code: RestError['code'],
  message: string,
  issues: RestError['issues'] = [],
  more: Readonly<Record<string, string>> = {},
): Response =>
  Response.json({ code, message, issues } satisfies RestError, {
    status,
    headers: { ...headers, ...more },
  });

const codes: Readonly<Partial<Record<TRPCError['code'], RestError['code']>>> = {
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  PRECONDITION_FAILED: 'PRECONDITION_FAILED',
  CLIENT_CLOSED_REQUEST: 'CLIENT_CLOSED_REQUEST',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
};

/** A sentence about the query language becomes an issue of the parameter that it is about. */
function issuesFor(error: TRPCError, query: URLSearchParams): RestError['issues'] {
  const known = issuesOf(error).map((issue) => ({ ...issue }));
  const q = query.get('q');
  if (known.length > 0 || error.code !== 'BAD_REQUEST' || q === null) return known;
  return [{ ...specIssue('q', q, error.message, 'Write it as the results page takes it.') }];
}

async function answered(route: Route, asked: Asked<never, never, never>): Promise<Response> {
  const result = await route.answer(asked);
  const status = route.status ?? 200;
  if (isJson(route.response)) return Response.json(result, { status, headers });
  const { type, body } = result as Streamed;
  return new Response(body as BodyInit, { status, headers: { ...headers, 'Content-Type': type } });
}

/** Answers one request below /api/v1. */
export async function handleRest(
  request: Request,
  context: () => Promise<Context> = createContext,
): Promise<Response> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) {
    const { message } = (await refusal.json()) as { message: string };
    return refuse(403, 'FORBIDDEN', message);
  }
  const { pathname, searchParams } = new URL(request.url);
  const path = pathname.slice(prefix.length);
  if (path === '/openapi.json') return Response.json(openApiDocument(), { headers });
  const matches = routesAt(path);
  const match = matches.find(({ route }) => route.method === request.method.toLowerCase());
  if (match === undefined) {
    if (matches.length === 0) {
      return refuse(404, 'NOT_FOUND', `There is no ${pathname}; see ${prefix}/openapi.json.`);
    }
    const allowed = matches.map(({ route }) => route.method.toUpperCase()).join(', ');
    const message = `${pathname} takes ${allowed}, not ${request.method}.`;
    return refuse(405, 'METHOD_NOT_SUPPORTED', message, [], { Allow: allowed });
  }
  const { route } = match;
  const checked = await withBody(request);
  if (checked instanceof Response) {
    const { message } = (await checked.json()) as { message: string };
    return refuse(413, 'PAYLOAD_TOO_LARGE', message);
  }
  try {
    const own = await contextOf(request, context);
    const step = {
      action: `v1.${route.id}`,
      need: restNeeds[route.id] ?? null,
      changes: (restNeeds[route.id] ?? 'edit') !== 'read' && route.method !== 'get',
      spends: restSpending.has(route.id),
      object: objectIn(match.params),
    };
    return await admitted(own, step, async () => {
      const params = route.params === null ? undefined : judged('path', route.params, match.params);
      const query = queryOf(route, searchParams);
      const body = await bodyOf(route, checked);
      // Each value was judged by the very schema that types the route's handler.
      const asked = { context: own, params, query, body, request };
      return answered(route, asked as Asked<never, never, never>);
    });
  } catch (error) {
    const failure = toApiError(error);
    const code = codes[failure.code] ?? 'INTERNAL_SERVER_ERROR';
    const status = getHTTPStatusCodeFromError(failure);
    return refuse(status, code, failure.message, issuesFor(failure, searchParams));
  }
}

/**
 * A path of the REST interface as data: what it takes and gives back, as zod schemas, and the use case
 * behind it. The dispatcher (handle-rest.ts) and the document (openapi.ts) are both made of these.
 */
import type { z } from 'zod';
import type { Context } from '../context.ts';

export type Method = 'get' | 'post' | 'delete';

/** What a route answers with, beside JSON of its `response` schema. */
export interface Streamed {
  readonly type: string;
  readonly body: ReadableStream<Uint8Array> | string;
}

export interface Asked<P, Q, B> {
  readonly context: Context;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly request: Request;
}

interface Described {
  readonly method: Method;
  /** Below `/api/v1`, with parameters in braces: `/runs/{id}`. */
  readonly path: string;
  /** Name of the operation, for generated clients. */
  readonly id: string;
  readonly tag: 'Runs' | 'Results' | 'Permalinks' | 'Choices' | 'Predictions' | 'Installation';
  readonly summary: string;
  readonly description?: string;
  /** Statuses of refusals beside 400, with when. */
  readonly refusals?: Readonly<Partial<Record<404 | 409 | 413, string>>>;
  /** Of a success; default 200. */
  readonly status?: 200 | 201;
}

export interface Route extends Described {
  readonly params: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  readonly body: z.ZodType | null;
  /** The use case judges the body itself, with field, value and fix; `body` only describes it. */
  readonly judgedLater?: boolean;
  /** JSON of this form, or text of a media type. */
  readonly response: z.ZodType | { readonly mediaType: string; readonly description: string };
  readonly answer: (asked: Asked<never, never, never>) => Promise<unknown>;
}

type Of<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Ties the handler's arguments to the schemas; at run time the route is what was given. */
export function route<
  P extends z.ZodObject | null,
  Q extends z.ZodObject | null,
  B extends z.ZodType | null,
>(
  described: Omit<Route, 'params' | 'query' | 'body' | 'answer'> & {
    readonly params: P;
    readonly query: Q;
    readonly body: B;
    readonly answer: (asked: Asked<Of<P>, Of<Q>, Of<B>>) => Promise<unknown>;
  },
): Route {
  return described;
}

export const isJson = (response: Route['response']): response is z.ZodType =>
  !('mediaType' in response);

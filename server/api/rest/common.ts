/** Pieces that several paths share: parameters, errors, pages. */
import { z } from 'zod';
import { runIdSchema, slugSchema } from '../schemas/requests.ts';
import { mostRows } from '../schemas/results-limits.ts';
import { querySchema } from '../schemas/results-requests.ts';

export const runParams = z.object({ id: runIdSchema.describe('Id of the run.') });
export const slugParams = z.object({ slug: slugSchema.describe('Last part of its address.') });

export const queryOfRuns = querySchema
  .default('')
  .describe('The query language of the results page, e.g. `variant:additive/fast rtt>=40ms`.');

export const listQuery = z.object({
  q: queryOfRuns,
  limit: z.coerce.number().int().min(1).max(mostRows).default(50),
  cursor: z.string().max(400).optional().describe('`nextCursor` of the page before.'),
});

/** A list as an address writes it. */
export const commaList = (description: string) =>
  z
    .string()
    .max(20_000)
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .describe(description);

/** Every refusal has this form. */
export const errorSchema = z.object({
  code: z.enum([
    'BAD_REQUEST',
    'UNAUTHORIZED',
    'FORBIDDEN',
    'TOO_MANY_REQUESTS',
    'NOT_FOUND',
    'METHOD_NOT_SUPPORTED',
    'CONFLICT',
    'PAYLOAD_TOO_LARGE',
    'PRECONDITION_FAILED',
    'CLIENT_CLOSED_REQUEST',
    'SERVICE_UNAVAILABLE',
    'INTERNAL_SERVER_ERROR',
  ]),
  message: z.string().describe('Sentences for people.'),
  issues: z
    .array(
      z.object({
        field: z.string().describe('Where: a path in the body, or a parameter.'),
        value: z.string().describe('What was given, as JSON, cut to 80 characters.'),
        problem: z.string(),
        fix: z.string().describe('What to do.'),
        message: z.string().describe('All of it as one sentence.'),
      }),
    )
    .describe('What is wrong with the request; empty for other refusals.'),
});
export type RestError = z.infer<typeof errorSchema>;

/** Paths of frozen copies: publish, list, read, take back. */
import { z } from 'zod';
import { createPermalink } from '../../permalinks/create-permalink.ts';
import { listPublished } from '../../permalinks/list-permalinks.ts';
import { publishComparison } from '../../permalinks/publish-comparison.ts';
import { publicUrl } from '../../permalinks/public-url.ts';
import { readPermalink } from '../../permalinks/read-permalink.ts';
import { revokePermalink } from '../../permalinks/revoke-permalink.ts';
import { expiresInDaysSchema, publishComparisonSchema } from '../schemas/compare-request.ts';
import { runIdSchema } from '../schemas/requests.ts';
import { slugParams } from './common.ts';
import { route, type Route } from './route.ts';

const linkShape = {
  slug: z.string(),
  path: z.string().describe('Path of its page, /s/...'),
  contentHash: z.string().describe('SHA-256 of the frozen text.'),
};
const url = z.string().nullable().describe('Its address; null where PARLEY_PUBLIC_URL is not set.');
const unknownLink = 'There is no such link, or it was taken back, or its time is over.';

const urlOf = (path: string): string | null => {
  const base = publicUrl();
  return base === null ? null : `${base}${path}`;
};

export const permalinkRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/permalinks',
    id: 'listPermalinks',
    tag: 'Permalinks',
    summary: 'Everything that is published now, newest first',
    params: null,
    query: null,
    body: null,
    response: z.object({
      permalinks: z.array(
        z.object({
          ...linkShape,
          url,
          createdAt: z.iso.datetime(),
          kind: z.enum(['run', 'comparison', 'notebook']),
          title: z.string(),
          expiresAt: z.iso.datetime().nullable(),
        }),
      ),
    }),
    answer: async ({ context }) => ({
      permalinks: (await listPublished(context.connection.db)).map((link) => ({
        ...link,
        url: urlOf(link.path),
      })),
    }),
  }),
  route({
    method: 'post',
    path: '/permalinks',
    id: 'publish',
    tag: 'Permalinks',
    summary: 'Freeze an ended run, or a comparison, under an address that nobody can guess',
    description: 'The same content keeps its address, unless the link is to end by itself.',
    status: 201,
    refusals: { 404: 'There is no such run.', 409: 'A run has not ended yet.' },
    params: null,
    query: null,
    body: z.union([
      z.strictObject({ run: runIdSchema, expiresInDays: expiresInDaysSchema }),
      publishComparisonSchema,
    ]),
    response: z.object({ ...linkShape, url }),
    answer: async ({ context: { connection }, body }) => {
      const link =
        'run' in body
          ? await createPermalink(connection.db, body.run, body.expiresInDays)
          : await publishComparison(connection.db, body);
      return { ...link, url: urlOf(link.path) };
    },
  }),
  route({
    method: 'get',
    path: '/permalinks/{slug}',
    id: 'readPermalink',
    tag: 'Permalinks',
    summary: 'What was frozen',
    description: 'Also as a file: /s/{slug}.csv and the other suffixes of runs.',
    refusals: { 404: unknownLink },
    params: slugParams,
    query: null,
    body: null,
    response: z.looseObject({
      slug: z.string(),
      contentHash: z.string(),
      createdAt: z.iso.datetime(),
      expiresAt: z.iso.datetime().nullable(),
      kind: z.enum(['run', 'comparison', 'notebook']),
    }),
    answer: ({ context, params: { slug } }) => readPermalink(context.connection.db, slug),
  }),
  route({
    method: 'delete',
    path: '/permalinks/{slug}',
    id: 'revokePermalink',
    tag: 'Permalinks',
    summary: 'Take a link back; its address is never given out again',
    refusals: { 404: unknownLink },
    params: slugParams,
    query: null,
    body: null,
    response: z.object({ revokedAt: z.iso.datetime() }),
    answer: ({ context, params: { slug } }) => revokePermalink(context.connection.db, slug),
  }),
];

/** Paths of runs: find, queue, follow, cancel, repeat. */
import { z } from 'zod';
import { readExpected } from '../../runs/calibration/read-expected.ts';
import { createRun } from '../../runs/create-run.ts';
import { requestCancel } from '../../runs/lifecycle.ts';
import { moveInQueue } from '../../runs/move-in-queue.ts';
import { retryRun } from '../../runs/retry-run.ts';
import { readDetail } from '../../runs/views.ts';
import { listResults } from '../../results/list-results.ts';
import { runSpecSchema } from '../schemas/run-spec.ts';
import { runPriorities, runStates } from '../schemas/run-view.ts';
import { listQuery, runParams } from './common.ts';
import { eventStream } from './event-stream.ts';
import { runContextOf } from '../context.ts';
import { requireMayRaise, requireOwnRun } from '../own-run.ts';
import { route, type Route } from './route.ts';
import { detailSchema, rowSchema, summarySchema } from './run-schemas.ts';

const unknownRun = 'There is no such run.';

export const runRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/runs',
    id: 'listRuns',
    tag: 'Runs',
    summary: 'Runs that a query finds, a page at a time',
    params: null,
    query: listQuery,
    body: null,
    response: z.object({
      runs: z.array(rowSchema),
      total: z.number().int().describe('Of the whole query, whatever the page.'),
      nextCursor: z.string().nullable().describe('Give this to read on; null at the end.'),
    }),
    answer: async ({ context, query: { q, limit, cursor } }) => {
      const { rows, ...page } = await listResults(context.connection.db, q, limit, cursor);
      return { runs: rows, ...page };
    },
  }),
  route({
    method: 'post',
    path: '/runs',
    id: 'createRun',
    tag: 'Runs',
    summary: 'Queue a run',
    description:
      'The body is a spec, as `GET /presets` and every run have one. Nothing is queued unless all of it can be run here.',
    status: 201,
    params: null,
    query: null,
    body: runSpecSchema,
    judgedLater: true,
    response: summarySchema,
    answer: ({ context, body }) => createRun(runContextOf(context), body, 'web'),
  }),
  route({
    method: 'get',
    path: '/runs/{id}',
    id: 'getRun',
    tag: 'Runs',
    summary: 'Everything about one run',
    description: 'Also as a file: /runs/{id}.csv, .json, .tex, .md, .bib, .svg and .html.',
    refusals: { 404: unknownRun },
    params: runParams,
    query: null,
    body: null,
    response: detailSchema,
    answer: async ({ context: { connection }, params: { id } }) => ({
      ...(await readDetail(connection.db, id)),
      expected: await readExpected(connection.db, id),
    }),
  }),
  route({
    method: 'post',
    path: '/runs/{id}/cancel',
    id: 'cancelRun',
    tag: 'Runs',
    summary: 'Ask for the end of a run',
    description:
      'A queued run ends at once, a running one within a second. Asking twice is harmless.',
    refusals: { 404: unknownRun, 409: 'It has ended already.' },
    params: runParams,
    query: null,
    body: null,
    response: z.object({ state: z.enum(runStates) }),
    answer: async ({ context, params: { id } }) => {
      await requireOwnRun(context, id);
      return { state: await requestCancel(context.connection.db, id) };
    },
  }),
  route({
    method: 'post',
    path: '/runs/{id}/retry',
    id: 'retryRun',
    tag: 'Runs',
    summary: 'Queue the same spec once more',
    status: 201,
    refusals: { 404: unknownRun, 409: 'It has not ended, or was imported.' },
    params: runParams,
    query: null,
    body: null,
    response: summarySchema,
    answer: ({ context, params: { id } }) => retryRun(runContextOf(context), id, 'web'),
  }),
  route({
    method: 'post',
    path: '/runs/{id}/priority',
    id: 'setPriority',
    tag: 'Runs',
    summary: 'Move a run that waits',
    description:
      'Runs of a higher level are taken first; within a level users share the workers. High is for editors.',
    refusals: { 404: unknownRun, 409: 'It waits no longer.' },
    params: runParams,
    query: null,
    body: z.strictObject({ priority: z.enum(runPriorities) }),
    response: z.object({ priority: z.enum(runPriorities) }),
    answer: async ({ context, params: { id }, body: { priority } }) => {
      await requireOwnRun(context, id);
      requireMayRaise(context, priority);
      await moveInQueue(runContextOf(context), id, priority);
      return { priority };
    },
  }),
  route({
    method: 'get',
    path: '/runs/{id}/events',
    id: 'followRun',
    tag: 'Runs',
    summary: 'Progress of a run as server-sent events',
    description:
      'Every event has its number as `id` and its kind as `event`; `data` is a RunEvent. The stream ends after the event that ends the run. A client that reconnects with `Last-Event-ID` misses nothing.',
    refusals: { 404: unknownRun },
    params: runParams,
    query: z.object({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .describe('Number of the last event seen; the header Last-Event-ID wins.'),
    }),
    body: null,
    response: { mediaType: 'text/event-stream', description: 'Events, oldest first.' },
    answer: ({ context, params: { id }, query: { after }, request }) =>
      eventStream(context, id, after, request),
  }),
];

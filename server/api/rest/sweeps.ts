/** Paths of sweeps: a spec in which fields are lists, priced or queued as a whole. */
import { z } from 'zod';
import { createSweep, priceSweep } from '../../runs/sweep.ts';
import { requireSweep } from '../../runs/sweep-lists.ts';
import { latencyPredictionSchema } from '../schemas/latency.ts';
import { mostSweepRuns } from '../schemas/sweep-size.ts';
import { sweepFields } from '../schemas/sweep.ts';
import { runContextOf } from '../context.ts';
import { route, type Route } from './route.ts';

const body = z
  .looseObject({})
  .describe(
    `A spec in which any of ${sweepFields.join(', ')} is a list, or {base, axes: [{field, values}]}. Every combination is a run, at most ${mostSweepRuns}.`,
  );

const entrySchema = z.looseObject({
  specHash: z.string(),
  spec: z.looseObject({}),
  issues: z
    .array(z.looseObject({ field: z.string(), message: z.string() }))
    .readonly()
    .describe('Why this run cannot be queued; empty where it can.'),
  latency: latencyPredictionSchema.nullable(),
  runMs: z.number().nullable().describe('The whole run from start to end, ms; predicted.'),
  totalBytes: z.number().nullable().describe('Payload of one batch, all roles, both phases.'),
  identicalRuns: z.number().int().describe('Finished runs of this very spec made here.'),
  identicalRunId: z.string().nullable().describe('The newest of them; null where there is none.'),
});

export const sweepRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/sweeps/price',
    id: 'priceSweep',
    tag: 'Predictions',
    summary: 'What every run of a sweep will cost, and all of them',
    description: 'Nothing is queued.',
    params: null,
    query: null,
    body,
    judgedLater: true,
    response: z.object({
      count: z.number().int(),
      entries: z.array(entrySchema).readonly(),
      totalMs: z.number().describe('All runs one after the other, ms; predicted.'),
      waitMs: z.number().describe('What is ahead of them in the queue, ms; predicted.'),
    }),
    answer: ({ context, body: input }) =>
      priceSweep(context.connection.db, requireSweep(input), context.principal?.userId),
  }),
  route({
    method: 'post',
    path: '/sweeps',
    id: 'createSweep',
    tag: 'Runs',
    summary: 'Queue every run of a sweep under one tag, or none',
    description: 'The tag finds them again: `GET /runs?q=tag:...`.',
    status: 201,
    params: null,
    query: null,
    body,
    judgedLater: true,
    response: z.object({ tag: z.string(), ids: z.array(z.string()).readonly() }),
    answer: ({ context, body: input }) => createSweep(runContextOf(context), requireSweep(input)),
  }),
];

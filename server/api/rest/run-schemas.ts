/**
 * The forms of runs as the REST interface answers them. Objects are open: a later version may add a
 * field, never take one away or change what it means. Types of run-view.ts are held against them below.
 */
import { z } from 'zod';
import { correlationsIds } from '../schemas/run-spec.ts';
import { latencyPredictionSchema } from '../schemas/latency.ts';
import type { ResultRow } from '../schemas/results-row.ts';
import { runStates, type RunDetail, type RunEvent, type RunSummary } from '../schemas/run-view.ts';
import { runWarnings } from '../schemas/warnings.ts';

const count = z.number().int().nonnegative();
const bytesBy = z.array(count).readonly();
const text = z.string();

export const proportionSchema = z.looseObject({
  correct: count,
  n: count,
  low: z.number(),
  high: z.number(),
});

const medianSchema = z.looseObject({
  median: z.number(),
  n: count,
  low: z.number().nullable(),
  high: z.number().nullable(),
  min: z.number(),
  max: z.number(),
  p95: z.number().optional(),
});

const linkBytes = z.record(text, z.number());

export const headlineSchema = z
  .looseObject({
    samples: count,
    accuracy: z
      .looseObject({
        plaintext: proportionSchema,
        clear: proportionSchema,
        secure: proportionSchema,
      })
      .nullable(),
    disagreement: z.looseObject({ withPlaintext: count, withClear: count }).nullable(),
    maxLogitError: z.looseObject({
      protocol: z.number().nullable(),
      approximation: z.number().nullable(),
    }),
    meanLogitError: z.number().nullable(),
    onlineMs: medianSchema,
    onlineMsPerSample: medianSchema,
    offlineMs: medianSchema,
    totalMs: medianSchema,
    onlineBytesSent: bytesBy,
    offlineBytesSent: bytesBy,
    dealerBytes: count,
    links: linkBytes,
    totalBytesSent: count,
    correlations: z.enum(correlationsIds).nullable(),
    rounds: count,
    lengths: z.looseObject({ byBatch: z.array(count).readonly(), stated: count }).optional(),
    peakRssBytes: count,
    cpuMs: z.number(),
    setupMs: z.number(),
    setupBytes: count,
  })
  .describe('What was measured: milliseconds, payload bytes sent by party, each with its n.');

const stateSchema = z.enum(runStates);

/** A spec that was stored: it was valid for the version that took it. */
const storedSpecSchema = z
  .looseObject({ version: z.literal(1), model: text, sequenceLength: count })
  .describe('The spec of the run; the body of POST /runs takes it as it is.');

const summaryShape = {
  id: text,
  specHash: text.describe('SHA-256 of the canonical spec.'),
  spec: storedSpecSchema,
  state: stateSchema,
  origin: z.enum(['web', 'cli', 'first-start']),
  provenance: z.enum(['measured', 'predicted', 'replayed', 'reported', 'imported']),
  warnings: z.array(z.enum(runWarnings)).readonly(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  headline: headlineSchema.nullable(),
  linkVerdict: z.enum(['met', 'not met']).nullable(),
  reason: text.nullable().describe('Why it failed, was cancelled or lost.'),
};

export const summarySchema = z.looseObject(summaryShape);

export const rowSchema = z.looseObject({
  ...summaryShape,
  tags: z.array(text).readonly(),
  note: text,
  starred: z.boolean(),
  archivedAt: z.iso.datetime().nullable(),
  shipped: z.boolean().describe('Came with Parley: measured elsewhere, never to be averaged.'),
  figures: z
    .partialRecord(
      z.enum([
        'acc',
        'plain',
        'latency',
        'batchtime',
        'offline',
        'total',
        'bytes',
        'allbytes',
        'dealt',
        'rounds',
        'memory',
      ]),
      z.number(),
    )
    .nullable()
    .describe('Numbers of an imported run, which has no headline.'),
  importedFrom: text.nullable(),
  machine: text.nullable(),
  commit: text.nullable(),
});

export const costSchema = z
  .looseObject({
    rounds: count,
    onlineBytesSent: bytesBy,
    offlineBytesSent: bytesBy,
    dealerBytes: count,
    links: linkBytes,
    agrees: z.boolean().nullable().describe('Whether it was measured so; null before.'),
  })
  .describe('Computed from shapes: one full batch, payload bytes by party.');

const operationSchema = z.looseObject({
  path: text,
  op: text,
  phase: z.enum(['setup', 'offline', 'online']),
  calls: count,
  elements: count,
  bytesSent: bytesBy,
  predictedBytesSent: bytesBy.nullable(),
  dealerBytes: count,
  predictedDealerBytes: count.nullable(),
  computeMs: z.number(),
  waitMs: z.number(),
  replayed: z
    .looseObject({ computeMs: z.number(), waitMs: z.number() })
    .optional()
    .describe('Both again, replayed on the asked link with a machine for every role.'),
  peakRssBytes: count.optional().describe('Resident memory of a party while it was at work on it.'),
});

const placeErrorSchema = z.looseObject({
  path: text,
  elements: count,
  maxError: z.number(),
  meanError: z.number(),
  largest: z.number(),
});

const roleShape = {
  bytesSent: count,
  frameBytesSent: count,
  framesSent: count,
  rounds: count,
  computeMs: z.number(),
  waitMs: z.number(),
  cpuMs: z.number(),
  peakRssBytes: count,
  framesLate: count,
  framesReceived: count,
  worstLateMs: z.number(),
};

const numbers = z.array(z.number()).readonly();

export const detailSchema = z.looseObject({
  ...summaryShape,
  labels: z.array(text).readonly(),
  prediction: costSchema.nullable(),
  operations: z.array(operationSchema).readonly(),
  placeErrors: z
    .array(placeErrorSchema)
    .readonly()
    .optional()
    .describe('What each place hands on: fixed point against float64, by the clear twin.'),
  samples: z
    .array(
      z.looseObject({
        sampleId: text,
        excerpt: text,
        label: z.number().int(),
        plaintextLogits: numbers,
        approximatedLogits: numbers.optional(),
        clearLogits: numbers,
        secureLogits: numbers,
      }),
    )
    .readonly(),
  parties: z.array(z.looseObject({ party: count, ...roleShape })).readonly(),
  dealer: z.looseObject(roleShape).nullable(),
  linkCheck: z
    .looseObject({
      verdict: z.enum(['met', 'not met']),
      reasons: z.array(text).readonly(),
      asked: z.looseObject({ bitsPerSecond: z.number(), rttMs: z.number() }),
    })
    .nullable(),
  reveals: z
    .array(z.looseObject({ path: text, to: text, reason: text, values: count, inferences: count }))
    .readonly(),
  environment: z.record(text, text),
  artifacts: z.array(z.looseObject({ name: text, bytes: count, sha256: text })).readonly(),
  expected: latencyPredictionSchema
    .nullable()
    .describe('What was expected of its latency when it was queued; null where nothing was said.'),
});

/** The data of one server-sent event. */
export const eventSchema = z.looseObject({
  seq: count,
  at: z.iso.datetime(),
  kind: z.enum(['state', 'progress', 'log', 'linkCheck']),
  state: stateSchema,
  fraction: z.number().nullable(),
  etaMs: z.number().nullable(),
  message: text.nullable(),
});

// The types that the server computes fit into these forms: what does not compile here was changed
// there, and would be a change of the interface.
type Open<T> = T extends readonly (infer E)[]
  ? readonly Open<E>[]
  : T extends object
    ? { [K in keyof T]: Open<T[K]> }
    : T;
type Fits<T extends S, S> = T;
export type SummaryFits = Fits<Open<RunSummary>, z.input<typeof summarySchema>>;
export type RowFits = Fits<Open<ResultRow>, z.input<typeof rowSchema>>;
export type EventFits = Fits<Open<RunEvent>, z.input<typeof eventSchema>>;
export type DetailFits = Fits<Open<RunDetail & { expected: null }>, z.input<typeof detailSchema>>;

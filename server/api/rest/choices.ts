/** Paths of what a spec can name, of prices before a run, and of the installation itself. */
import { z } from 'zod';
import { predictLatency } from '../../runs/calibration/predict-latency.ts';
import { readScore } from '../../runs/calibration/read-score.ts';
import { readCatalog } from '../../runs/catalog.ts';
import { requireSpec } from '../../runs/check-spec.ts';
import { memoryNeedOf } from '../../runs/memory-need.ts';
import { predictFullBatch, predictionOf } from '../../runs/prediction.ts';
import { modelConfigOf } from '../../runs/run-models.ts';
import { hashSpec } from '../../runs/spec-hash.ts';
import { readSystemStatus } from '../../runs/system-status.ts';
import { latencyPredictionSchema } from '../schemas/latency.ts';
import { runSpecSchema } from '../schemas/run-spec.ts';
import { runWarnings, warningsOf } from '../schemas/warnings.ts';
import { route, type Route } from './route.ts';
import { costSchema, proportionSchema } from './run-schemas.ts';

const entry = {
  id: z.string().describe('What a spec writes.'),
  title: z.string(),
  description: z.string(),
  source: z.string().nullable().describe('Paper or page; null for our own.'),
};
const bytes = z.number().nonnegative();
const none = { params: null, query: null, body: null } as const;

export const choiceRoutes: readonly Route[] = [
  route({
    ...none,
    method: 'get',
    path: '/models',
    id: 'listModels',
    tag: 'Choices',
    summary: 'Models and data sets that a spec can name',
    response: z.object({
      models: z
        .array(
          z.looseObject({
            ...entry,
            kind: z.enum(['text', 'image']),
            randomWeights: z.boolean(),
            minLength: z.number().int(),
            maxLength: z.number().int(),
            labels: z.array(z.string()).readonly(),
            datasets: z.array(z.string()).readonly(),
          }),
        )
        .readonly(),
      datasets: z.array(z.looseObject({ ...entry, samples: z.number().int() })).readonly(),
    }),
    answer: async () => {
      const { models, datasets } = await readCatalog();
      return { models, datasets };
    },
  }),
  route({
    ...none,
    method: 'get',
    path: '/variants',
    id: 'listVariants',
    tag: 'Choices',
    summary: 'Protocol variants, and the approximations that run on them',
    response: z.object({
      variants: z
        .array(
          z.looseObject({
            ...entry,
            parties: z.number().int(),
            needsCorrelations: z.boolean(),
            trust: z.string(),
            defaultFractionBits: z.number().int(),
          }),
        )
        .readonly(),
      correlations: z.array(z.looseObject(entry)).readonly(),
      gelu: z.array(z.looseObject(entry)).readonly(),
      softmax: z.array(z.looseObject(entry)).readonly(),
    }),
    answer: async () => {
      const { protocols, correlations, gelu, softmax } = await readCatalog();
      return { variants: protocols, correlations, gelu, softmax };
    },
  }),
  route({
    ...none,
    method: 'get',
    path: '/networks',
    id: 'listNetworks',
    tag: 'Choices',
    summary: 'Networks with their sources',
    response: z.object({
      networks: z
        .array(
          z.looseObject({
            ...entry,
            backend: z.enum(['inline', 'kernel', 'none']),
            bitsPerSecond: z.number(),
            rttMs: z.number(),
            topology: z.enum(['pair', 'nic', 'shared']),
            basis: z.enum(['reported', 'inferred', 'ours']),
            trap: z.string().nullable(),
          }),
        )
        .readonly(),
    }),
    answer: async () => ({ networks: (await readCatalog()).networks }),
  }),
  route({
    ...none,
    method: 'get',
    path: '/presets',
    id: 'listPresets',
    tag: 'Choices',
    summary: 'Specs that ship, ready to be queued',
    response: z.object({
      presets: z.array(z.looseObject({ ...entry, spec: runSpecSchema })).readonly(),
    }),
    answer: async () => ({ presets: (await readCatalog()).presets }),
  }),
  route({
    method: 'post',
    path: '/predict',
    id: 'predict',
    tag: 'Predictions',
    summary: 'What a spec will cost; nothing is run',
    description:
      'Bytes and rounds are exact, from shapes. Latency is an estimate for this machine with an interval that is meant to contain 80 % of runs; GET /calibration says how many it does.',
    params: null,
    query: null,
    body: runSpecSchema,
    judgedLater: true,
    response: z.object({
      specHash: z.string(),
      latency: latencyPredictionSchema,
      cost: costSchema,
      memory: z.looseObject({ totalBytes: bytes, partyBytes: bytes, machineBytes: bytes }),
      warnings: z.array(z.enum(runWarnings)),
    }),
    answer: async ({ context, body }) => {
      const spec = await requireSpec(body);
      const config = await modelConfigOf(spec.model);
      return {
        specHash: hashSpec(spec).hash,
        latency: await predictLatency(context.connection.db, spec),
        cost: predictionOf(await predictFullBatch(spec, config)),
        memory: await memoryNeedOf(spec, config),
        warnings: warningsOf(spec),
      };
    },
  }),
  route({
    ...none,
    method: 'get',
    path: '/calibration',
    id: 'calibration',
    tag: 'Predictions',
    summary: 'How good expectations of latency were',
    response: z.object({
      groups: z.array(
        z.object({
          variant: z.string().nullable().describe('Null: all together.'),
          inside: proportionSchema.nullable().describe('Runs inside of their 80 % interval.'),
          ratio: z.number().nullable().describe('Median of measured over predicted.'),
        }),
      ),
      runs: z.array(
        z.object({
          id: z.string(),
          variant: z.string(),
          model: z.string(),
          network: z.string(),
          createdAt: z.iso.datetime(),
          expected: latencyPredictionSchema,
          measuredMs: z.number(),
          inside: z.boolean(),
        }),
      ),
      unjudged: z.number().int(),
      rates: z
        .object({
          machine: z.string(),
          commit: z.string(),
          takenAt: z.iso.datetime(),
          tookMs: z.number(),
        })
        .nullable(),
    }),
    answer: ({ context }) => readScore(context.connection.db),
  }),
  route({
    ...none,
    method: 'get',
    path: '/status',
    id: 'status',
    tag: 'Installation',
    summary: 'Workers, queue, database and disk of this installation',
    response: z.looseObject({
      version: z.string(),
      workers: z.number().int(),
      running: z.number().int(),
      queued: z.number().int(),
    }),
    answer: ({ context }) => readSystemStatus(context.connection.db),
  }),
];

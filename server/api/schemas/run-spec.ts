/**
 * Run spec: the one canonical description of what a run is asked to do. Its hash is its identity.
 * Browser-safe. Unknown fields are refused, so that a typing error never changes a run silently.
 */
import { z } from 'zod';

export const maxSamples = 500;
export const maxRepeats = 20;
/** What a spec writes for a link without a rate limit. */
export const unlimitedBitsPerSecond = 1e12;

export const geluIds = ['puma', 'quad', 'tanh-series'] as const;
export const softmaxIds = ['puma', '2quad', 'series'] as const;
export const variantIds = ['replicated/aby3'] as const;

export const networkSchema = z.strictObject({
  /** Name of the profile, free text for a custom link. */
  name: z.string().min(1).max(60),
  /** `inline` imposes the link on every directed pair of parties; `none` is raw loopback. */
  backend: z.enum(['inline', 'none']),
  bitsPerSecond: z.number().positive().max(unlimitedBitsPerSecond),
  rttMs: z.number().min(0).max(2000),
  topology: z.literal('pair'),
});

export const runSpecSchema = z.strictObject({
  version: z.literal(1),
  model: z.string().min(1).max(80),
  dataset: z.strictObject({
    id: z.string().min(1).max(80),
    samples: z.number().int().min(1).max(maxSamples),
  }),
  /** Wordpieces per sample, padding included. */
  sequenceLength: z.number().int().min(4).max(512),
  approximations: z.strictObject({
    gelu: z.enum(geluIds),
    softmax: z.enum(softmaxIds),
  }),
  protocol: z.strictObject({
    variant: z.enum(variantIds),
    ring: z.strictObject({
      bits: z.literal(64),
      /** Fewer lose the approximations' accuracy, more the headroom of their products. */
      fractionBits: z.number().int().min(15).max(18),
    }),
  }),
  network: networkSchema,
  measurement: z.strictObject({
    /** Samples per inference; the last inference may be smaller. */
    batchSize: z.number().int().min(1).max(16),
    repeats: z.number().int().min(1).max(maxRepeats),
  }),
  reveal: z.literal('logits'),
  /** `random`: seeds from the operating system. `insecure`: repeatable, gives up privacy, shown so. */
  seed: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('random') }),
    z.strictObject({ kind: z.literal('insecure'), value: z.string().min(1).max(64) }),
  ]),
});

export type RunSpec = z.infer<typeof runSpecSchema>;
export type NetworkSpec = z.infer<typeof networkSchema>;

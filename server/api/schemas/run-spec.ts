/**
 * Run spec: the one canonical description of what a run is asked to do. Its hash is its identity.
 * Browser-safe. Unknown fields are refused, so that a typing error never changes a run silently.
 */
import { z } from 'zod';
import { matrixSizeOf, networkSchema, normaliseNetwork } from './network-spec.ts';

export { networkSchema, unlimitedBitsPerSecond, type NetworkSpec } from './network-spec.ts';

export const maxSamples = 500;
export const maxRepeats = 20;
/** Fewest and most tokens of a sample that a spec may ask for. */
export const leastTokens = 4;
export const mostTokens = 1024;
/** The data set of models with random weights: seeded inputs that have no labels. */
export const randomDatasetId = 'random';

export const geluIds = [
  'puma',
  'even',
  'quad',
  'tanh-series',
  'quad-shipped',
  'crypten-tanh',
  'crypten-erf',
  'crypten-erf-corrected',
  'crypten-hardtanh',
  'spu-erf',
] as const;
export const softmaxIds = [
  'puma',
  '2quad',
  '2relu',
  'series',
  'exponential',
  'crypten',
  'crypten-no-argmax',
  'crypten-corrected',
  '2quad-shipped',
  '2quad-corrected',
  '2relu-shipped',
  '2relu-corrected',
  'spu',
] as const;
/** The first one is meant where a spec names none. */
export const siluIds = ['puma'] as const;
export const variantIds = [
  'replicated/aby3',
  'replicated/fast',
  'additive/crypten',
  'additive/semi2k',
  'additive/fast',
] as const;
/** The first one is meant where a spec names none. */
export const correlationsIds = ['dealer', 'insecureFirstParty'] as const;

/** Whether two parties compute, who need somebody to deal them correlated randomness. */
export const needsCorrelations = (variant: (typeof variantIds)[number]): boolean =>
  variant.startsWith('additive/');

export const protocolSchema = z
  .strictObject({
    variant: z.enum(variantIds),
    /**
     * Who deals the correlated randomness, additive variants only; absent means `dealer`.
     * `insecureFirstParty`: party 0 deals to itself and can read everything.
     */
    correlations: z.enum(correlationsIds).exactOptional(),
    ring: z.strictObject({
      bits: z.literal(64),
      /** Fewer lose the approximations' accuracy, more the headroom of their products. */
      fractionBits: z.number().int().min(15).max(18),
    }),
  })
  .superRefine(({ variant, correlations }, context) => {
    if (correlations === undefined || needsCorrelations(variant)) return;
    context.addIssue({
      code: 'custom',
      path: ['correlations'],
      message: `${variant} needs nobody to deal correlations`,
      params: { fix: 'Remove correlations, or use an additive variant.' },
    });
  });

const specShape = z.strictObject({
  version: z.literal(1),
  model: z.string().min(1).max(80),
  dataset: z.strictObject({
    id: z.string().min(1).max(80),
    samples: z.number().int().min(1).max(maxSamples),
  }),
  /** Tokens per sample: wordpieces, padding included, or an image's patches and class token. */
  sequenceLength: z.number().int().min(leastTokens).max(mostTokens),
  approximations: z.strictObject({
    gelu: z.enum(geluIds),
    softmax: z.enum(softmaxIds),
    /** Models with a SiLU only (LLaMA); absent means `puma`. */
    silu: z.enum(siluIds).exactOptional(),
  }),
  protocol: protocolSchema,
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

export type RunSpec = z.infer<typeof specShape>;

/** Roles that the links of a matrix may join: the parties, and the dealer where there may be one. */
const matrixSizesOf = ({ protocol: { variant } }: RunSpec): readonly number[] =>
  needsCorrelations(variant) ? [2, 3] : [3];

export const runSpecSchema = specShape.superRefine((spec, context) => {
  const size = matrixSizeOf(spec.network);
  const sizes = matrixSizesOf(spec);
  if (size === undefined || sizes.includes(size)) return;
  const wanted = sizes.join(' or ');
  context.addIssue({
    code: 'custom',
    path: ['network', 'matrix'],
    message: `has ${size} rows, and ${spec.protocol.variant} has ${wanted} roles with links`,
    params: { fix: `Use ${wanted} rows and columns.` },
  });
});

/** The spec as it is hashed and stored: a default that is written out is left out. */
export function normaliseSpec(spec: RunSpec): RunSpec {
  const { correlations, ...protocol } = spec.protocol;
  const { silu, ...approximations } = spec.approximations;
  return {
    ...spec,
    network: normaliseNetwork(spec.network),
    ...(correlations === correlationsIds[0] ? { protocol } : {}),
    ...(silu === siluIds[0] ? { approximations } : {}),
  };
}

/** Whether the model's weights and inputs are random: such a run has costs and no accuracy. */
export const hasRandomWeights = ({ dataset }: Pick<RunSpec, 'dataset'>): boolean =>
  dataset.id === randomDatasetId;

/** Who deals in a run of this spec; null where nobody has to. */
export const correlationsOfSpec = ({
  protocol: { variant, correlations },
}: RunSpec): (typeof correlationsIds)[number] | null =>
  needsCorrelations(variant) ? (correlations ?? 'dealer') : null;

/**
 * Run spec: the one canonical description of what a run is asked to do. Its hash is its identity.
 * Browser-safe. Unknown fields are refused, so that a typing error never changes a run silently.
 */
import { z } from 'zod';
import {
  maxSamples,
  maxRepeats,
  leastTokens,
  mostTokens,
  geluIds,
  softmaxIds,
  siluIds,
  layerNormIds,
  lengthIds,
  headKindIds,
  mostLayers,
  mostHeads,
  variantIds,
  correlationsIds,
  needsCorrelations,
} from './spec-ids.ts';
import {
  comparisonIds,
  drawingVariants,
  stepIssue,
  truncationIds,
  variantSteps,
  weightsIds,
} from './spec-steps.ts';
import { matrixSizeOf, networkSchema, normaliseNetwork } from './network-spec.ts';

export * from './spec-ids.ts';
export { unlimitedBitsPerSecond } from './network-limits.ts';
export { networkSchema, type NetworkSpec } from './network-spec.ts';

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
    /** Another way to bring products back to scale than the variant's own. */
    truncation: z.enum(truncationIds).exactOptional(),
    /** Another circuit for signs than the variant's own. */
    comparison: z.enum(comparisonIds).exactOptional(),
    /**
     * Absent: shared by their owner. `uniform`: every share is drawn by its holders whenever a product needs
     * it and none is kept, so that a model is timed that no memory holds. Outputs mean nothing.
     */
    weights: z.enum(weightsIds).exactOptional(),
  })
  .superRefine((protocol, context) => {
    const { variant, correlations, weights } = protocol;
    if (weights !== undefined && !drawingVariants.includes(variant)) {
      context.addIssue({
        code: 'custom',
        path: ['weights'],
        message: `${variant} cannot draw the shares of weights`,
        params: { fix: `Remove it, or use ${drawingVariants.join(' or ')}.` },
      });
    }
    for (const field of ['truncation', 'comparison'] as const) {
      const issue = stepIssue(variant, field, protocol[field]);
      if (issue === null) continue;
      const { message, fix } = issue;
      context.addIssue({ code: 'custom', path: [field], message, params: { fix } });
    }
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
    /** Samples are pairs of texts; follows from the data set and is filled in where it is absent. */
    pairs: z.literal(true).exactOptional(),
  }),
  /** Tokens per sample: wordpieces, padding included, or an image's patches and class token. */
  sequenceLength: z.number().int().min(leastTokens).max(mostTokens),
  /**
   * `hidden`, the default: every text is padded to `sequenceLength`. `public`: every party is told how many tokens
   * the longest text of a batch has, and the batch is padded to that.
   */
  length: z.enum(lengthIds).exactOptional(),
  approximations: z.strictObject({
    gelu: z.enum(geluIds),
    softmax: z.enum(softmaxIds),
    /** Models with a SiLU only (LLaMA); absent means `puma`. */
    silu: z.enum(siluIds).exactOptional(),
    /** Models with LayerNorm (all but LLaMA); absent means `exact`. */
    layerNorm: z.enum(layerNormIds).exactOptional(),
    /** By layer, where layers differ; all layers of the model are listed. */
    layers: z
      .array(
        z.strictObject({
          gelu: z.enum(geluIds),
          softmax: z.enum(softmaxIds),
          /** Positions that keep the GELU, ascending; models of images only. Absent: all of them. */
          geluTokens: z
            .array(
              z
                .number()
                .int()
                .min(0)
                .max(mostTokens - 1),
            )
            .min(1)
            .max(mostTokens)
            .exactOptional(),
        }),
      )
      .min(1)
      .max(mostLayers)
      .exactOptional(),
    /** By layer, then by head; models with a kind of attention for every head (ViT-Lite) only. */
    heads: z
      .array(z.array(z.enum(headKindIds)).min(1).max(mostHeads))
      .min(1)
      .max(mostLayers)
      .exactOptional(),
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
  const { correlations, truncation, comparison, ...protocol } = spec.protocol;
  const { silu, layerNorm, layers, ...approximations } = spec.approximations;
  const { length, ...others } = spec;
  const own = variantSteps[protocol.variant];
  // One row for all layers, if they are alike: then it says nothing more than the two fields.
  const alike = layers?.every(
    ({ gelu, softmax, geluTokens }) =>
      gelu === approximations.gelu &&
      softmax === approximations.softmax &&
      geluTokens === undefined,
  );
  return {
    ...others,
    ...(length === undefined || length === lengthIds[0] ? {} : { length }),
    network: normaliseNetwork(spec.network),
    protocol: {
      ...protocol,
      ...(correlations === undefined || correlations === correlationsIds[0]
        ? {}
        : { correlations }),
      ...(truncation === undefined || truncation === own.truncation[0] ? {} : { truncation }),
      ...(comparison === undefined || comparison === own.comparison[0] ? {} : { comparison }),
    },
    approximations: {
      ...approximations,
      ...(silu === undefined || silu === siluIds[0] ? {} : { silu }),
      ...(layerNorm === undefined || layerNorm === layerNormIds[0] ? {} : { layerNorm }),
      ...(layers === undefined || alike === true ? {} : { layers }),
    },
  };
}

/**
 * What the fields of a run spec may name, and what follows from a spec without checking it: all that pages
 * need which show specs. The checks are run-spec.ts's. Browser-safe.
 */
import type { RunSpec } from './run-spec.ts';

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
  'secformer',
  'shaft',
  'relu',
  'removed',
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
  'shaft',
  'secformer',
  'the-x',
  'spu',
] as const;
/** The first one is meant where a spec names none. */
export const siluIds = ['puma'] as const;
/** The first one is meant where a spec names none. */
export const layerNormIds = ['exact', 'linear'] as const;
/**
 * Who may know how long a text is: nobody, all are padded to the spec's length; or everybody, and only its own
 * tokens are computed on. The first one is meant where a spec names none.
 */
export const lengthIds = ['hidden', 'public'] as const;
/** How a head of MPCViT's attention turns scores into weights; `softmax` is the spec's softmax. */
export const headKindIds = ['softmax', 'relu', 'scale', '2quad'] as const;
export type HeadKindId = (typeof headKindIds)[number];
export const mostLayers = 64;
export const mostHeads = 64;
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

/** Whether the model's weights and inputs are random: such a run has costs and no accuracy. */
export const hasRandomWeights = ({ dataset }: Pick<RunSpec, 'dataset'>): boolean =>
  dataset.id === randomDatasetId;

/** Who deals in a run of this spec; null where nobody has to. */
export const correlationsOfSpec = ({
  protocol: { variant, correlations },
}: RunSpec): (typeof correlationsIds)[number] | null =>
  needsCorrelations(variant) ? (correlations ?? 'dealer') : null;

/**
 * Plan: everything the parties of one session must agree on before they start, as plain data.
 * It is public: shapes, functions and the protocol are never secret; weights and inputs are not in it.
 */
import type { ModelConfig } from './models/config.ts';
import type { ComparisonId, TruncationId, WeightsId } from './protocols/variant-steps.ts';
import type { RingBits } from './ring/kernels.ts';

export type { BertConfig, ModelConfig } from './models/config.ts';

/** Z_2^bits with values scaled by 2^fractionBits. */
export interface Ring {
  readonly bits: RingBits;
  readonly fractionBits: number;
}

/** A protocol family and its realisation. */
export type VariantId =
  | 'clear'
  | 'replicated/aby3'
  | 'replicated/fast'
  | 'additive/crypten'
  | 'additive/semi2k'
  | 'additive/fast';

/**
 * Who makes the correlated randomness of two parties: a dealer of its own, or party 0 itself, which
 * then can read everything (frameworks ship that for debugging, and papers were timed with it).
 */
export type CorrelationsId = 'dealer' | 'insecureFirstParty';

export type GeluId =
  | 'puma'
  | 'even'
  | 'quad'
  | 'tanh-series'
  | 'quad-shipped'
  | 'crypten-tanh'
  | 'crypten-erf'
  | 'crypten-erf-corrected'
  | 'crypten-hardtanh'
  | 'spu-erf'
  | 'secformer'
  | 'shaft'
  | 'relu'
  | 'removed'
  | 'exact-float';
export type SiluId = 'puma' | 'exact-float';
export type SoftmaxId =
  | 'puma'
  | '2quad'
  | '2relu'
  | 'series'
  | 'exponential'
  | 'crypten'
  | 'crypten-no-argmax'
  | 'crypten-corrected'
  | '2quad-shipped'
  | '2quad-corrected'
  | '2relu-shipped'
  | '2relu-corrected'
  | 'shaft'
  | 'secformer'
  | 'the-x'
  | 'spu'
  | 'exact-float';

export type LayerNormId = 'exact' | 'linear';

export interface LayerFunctions {
  readonly gelu: GeluId;
  readonly softmax: SoftmaxId;
  /**
   * Of models of images: positions, ascending from 0, that keep the layer's GELU. At the others the two matrices
   * around it are one (MPCViT+, Zeng et al. 2023). Absent: all keep it.
   */
  readonly geluTokens?: readonly number[];
}

/** Which function stands in for each non-linear one, by name; see `approximations/registry.ts`. */
export interface ApproximationPlan {
  readonly gelu: GeluId;
  readonly softmax: SoftmaxId;
  /** Only LLaMA has a SiLU; absent means `puma`. */
  readonly silu?: SiluId;
  /** Of models with LayerNorm; absent means `exact`. */
  readonly layerNorm?: LayerNormId;
  /** By layer, where layers differ; absent means the ones above in all of them. */
  readonly layers?: readonly LayerFunctions[];
}

/**
 * What is revealed: the logits, of a language model those after the last position; the index of the
 * largest of them; or, for the cost of PUMA's benchmark programs only, what those compute: logits at
 * every position and JAX's argmax, for GPT-2 over all positions but the last together.
 */
export type OutputId = 'logits' | 'argmax' | 'argmax-as-puma';

export interface Plan {
  readonly variant: VariantId;
  /** For additive variants; absent means `dealer`. */
  readonly correlations?: CorrelationsId;
  /** Another step than the variant's own, see `protocols/variant-steps.ts`. */
  readonly truncation?: TruncationId;
  readonly comparison?: ComparisonId;
  /**
   * Absent: the owner shares them. `uniform`: their shares are drawn, tile by tile, whenever a product
   * needs them, and none is kept; what is computed means nothing.
   */
  readonly weights?: WeightsId;
  readonly ring: Ring;
  readonly model: ModelConfig;
  readonly approximations: ApproximationPlan;
  /** Positions per sample: wordpieces with padding, or an image's patches and the class token. */
  readonly length: number;
  /** Absent means `logits`. */
  readonly output?: OutputId;
}

/** Weights by Hugging Face tensor name, float. */
export type Weights = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array }
>;

/** One inference's texts: `ids` and `mask` are [size, length]; mask 1 = real wordpiece, 0 = padding. */
export interface TextBatch {
  readonly size: number;
  readonly ids: Int32Array;
  readonly mask: Uint8Array;
  /** Of pairs, [size, length]: 1 = wordpiece of the second text. */
  readonly types?: Uint8Array;
}

/** One inference's images: `pixels` are [size, channels, height, width], normalised as in training. */
export interface ImageBatch {
  readonly size: number;
  readonly pixels: Float32Array;
}

export type Batch = TextBatch | ImageBatch;

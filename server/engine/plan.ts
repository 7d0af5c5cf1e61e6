/**
 * Plan: everything the parties of one session must agree on before they start, as plain data.
 * It is public: shapes, functions and the protocol are never secret; weights and inputs are not in it.
 */
import type { RingBits } from './ring/kernels.ts';

/** Z_2^bits with values scaled by 2^fractionBits. */
export interface Ring {
  readonly bits: RingBits;
  readonly fractionBits: number;
}

/** A protocol family and its realisation. */
export type VariantId = 'clear' | 'replicated/aby3';

export type GeluId = 'puma' | 'quad' | 'tanh-series' | 'exact-float';
export type SoftmaxId = 'puma' | '2quad' | 'series' | 'exact-float';

/** Which function stands in for each non-linear one, by name; see `approximations/registry.ts`. */
export interface ApproximationPlan {
  readonly gelu: GeluId;
  readonly softmax: SoftmaxId;
}

/** Public shape of a BERT encoder with a classification head (Devlin et al. 2019, Hugging Face names). */
export interface BertConfig {
  readonly architecture: 'bert';
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly ffn: number;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly typeVocabularySize: number;
  readonly labels: number;
  readonly layerNormEpsilon: number;
  /** Vector that the pooler reads: the first token's, or the mean over the real tokens. */
  readonly pooling: 'cls' | 'mean';
}

export interface Plan {
  readonly variant: VariantId;
  readonly ring: Ring;
  readonly model: BertConfig;
  readonly approximations: ApproximationPlan;
  /** Wordpieces per sample, padding included. */
  readonly length: number;
}

/** Weights by Hugging Face tensor name, float. */
export type Weights = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array }
>;

/** One inference's input: `ids` and `mask` are [batch, length]; mask 1 = real wordpiece, 0 = padding. */
export interface Batch {
  readonly size: number;
  readonly ids: Int32Array;
  readonly mask: Uint8Array;
}

/** Public shapes of the architectures, one record each; `plan.ts` carries one of them. */
import type { Quotient } from '../approximations/spu/attention.ts';

/** What every encoder or decoder stack has. */
interface Stack {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Width of the feed-forward part. */
  readonly ffn: number;
}

interface Vocabulary {
  readonly vocabularySize: number;
  readonly maxPositions: number;
}

/** BERT encoder with a classification head (Devlin et al. 2019, Hugging Face names). */
export interface BertConfig extends Stack, Vocabulary {
  readonly architecture: 'bert';
  readonly typeVocabularySize: number;
  /** 2: samples are pairs of texts, and each token has a secret type, 0 or 1; absent: one text, type 0. */
  readonly segments?: 2;
  readonly labels: number;
  readonly layerNormEpsilon: number;
  /** Vector that the pooler reads: the first token's, or the mean over the real tokens. */
  readonly pooling: 'cls' | 'mean';
  /**
   * Rows that keys and values are projected to along the sequence, by one matrix a layer for both and for all
   * heads, as long as the plan (Linformer, Wang et al. 2020); absent: none, as many as there are tokens.
   */
  readonly projected?: number;
}

/** RoBERTa encoder with its classification head (Liu et al. 2019). */
export interface RobertaConfig extends Stack, Vocabulary {
  readonly architecture: 'roberta';
  readonly labels: number;
  readonly layerNormEpsilon: number;
  /** Id of the padding piece; positions are counted from the one after it. */
  readonly paddingId: number;
}

/** GPT-2 decoder with its language-model head (Radford et al. 2019). */
export interface Gpt2Config extends Stack, Vocabulary {
  readonly architecture: 'gpt2';
  readonly layerNormEpsilon: number;
}

/** LLaMA decoder with its language-model head (Touvron et al. 2023). */
export interface LlamaConfig extends Stack {
  readonly architecture: 'llama';
  readonly vocabularySize: number;
  readonly rmsNormEpsilon: number;
  /** Base of the rotary angles. */
  readonly rotaryBase: number;
  /** Where several heads of queries share one of keys and values; absent: every head has its own. */
  readonly keyValueHeads?: number;
}

interface Image {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly channels: number;
  readonly labels: number;
  readonly layerNormEpsilon: number;
}

/** Vision Transformer with a classifier (Dosovitskiy et al. 2021, as Hugging Face runs it). */
export interface VitConfig extends Stack, Image {
  readonly architecture: 'vit';
  /**
   * DeiT (Touvron et al. 2021) with its distillation token: a second token in front, read by a classifier of its
   * own; the answer is the mean of both. Absent: the class token alone.
   */
  readonly distilled?: true;
}

/** How a head of MPCViT turns its scores into weights. */
export type HeadKind = 'softmax' | 'relu' | 'scale' | '2quad';

/** ViT-Lite as MPCViT uses it (Zeng et al. 2023; Hassani et al. 2021). */
export interface VitLiteConfig extends Stack, Image {
  readonly architecture: 'vit-lite';
  /** By layer, then by head. */
  readonly attention: readonly (readonly HeadKind[])[];
  /** How the `relu` and `2quad` heads divide by their row sums: the paper's engine for every score. */
  readonly quotient: Quotient;
  /**
   * Rows that keys and values are projected to along the sequence, by one matrix a layer for both and for all
   * heads (Linformer, Wang et al. 2020, as MPCViT's code has it); absent: none, as many as there are tokens.
   */
  readonly projected?: number;
}

/** BERT without pooler, classifier and mask, as MPCFormer timed it (Li et al. 2023, its benchmark). */
export interface MpcformerBenchmarkConfig extends Stack, Vocabulary {
  readonly architecture: 'mpcformer-benchmark';
  /** Blocks into which the product with the vocabulary is cut; 250 in the benchmark. */
  readonly embeddingBlocks: number;
}

export type ModelConfig =
  | BertConfig
  | RobertaConfig
  | Gpt2Config
  | LlamaConfig
  | VitConfig
  | VitLiteConfig
  | MpcformerBenchmarkConfig;

export const imagePatches = ({ imageSize, patchSize }: VitConfig | VitLiteConfig): number =>
  (imageSize / patchSize) ** 2;

/** Positions of an image: its patches, the class token, and DeiT's distillation token. */
export function imagePositions(config: VitConfig | VitLiteConfig): number {
  const distilled = config.architecture === 'vit' && config.distilled === true;
  return imagePatches(config) + (distilled ? 2 : 1);
}

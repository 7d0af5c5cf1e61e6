/**
 * Models of which only the shape is true: published configurations whose weights are random, for
 * latency and cost only. They never carry an accuracy, because they compute nothing anybody asked for.
 */
import type {
  BertConfig,
  HeadKind,
  LlamaConfig,
  ModelConfig,
  VitLiteConfig,
} from '../engine/models/config.ts';
import { ZooError } from './errors.ts';

export type ShapeModel = {
  readonly id: string;
  readonly title: string;
  readonly config: ModelConfig;
  /** Where the shape is from. */
  readonly source: string;
};

/** Stands beside every result of these models. */
export const shapeModelNote = 'random weights: latency and cost only';

/** What the model reads. */
export const inputKindOf = ({ config }: ShapeModel): 'text' | 'image' =>
  config.architecture === 'vit' || config.architecture === 'vit-lite' ? 'image' : 'text';

const bert = (layers: number, hidden: number): BertConfig => ({
  architecture: 'bert',
  layers,
  hidden,
  heads: hidden / 64,
  ffn: 4 * hidden,
  // The cased vocabulary, with which PUMA and MPCFormer measured.
  vocabularySize: 28_996,
  maxPositions: 512,
  typeVocabularySize: 2,
  labels: 2,
  layerNormEpsilon: 1e-12,
  pooling: 'cls',
});

const gpt2 = (layers: number, hidden: number): ModelConfig => ({
  architecture: 'gpt2',
  layers,
  hidden,
  heads: hidden / 64,
  ffn: 4 * hidden,
  vocabularySize: 50_257,
  maxPositions: 1024,
  layerNormEpsilon: 1e-5,
});

const llama7b: LlamaConfig = {
  architecture: 'llama',
  layers: 32,
  hidden: 4096,
  heads: 32,
  ffn: 11_008,
  vocabularySize: 32_000,
  rmsNormEpsilon: 1e-6,
  rotaryBase: 10_000,
};

const heads = (layers: number, count: number, kind: HeadKind): HeadKind[][] =>
  Array.from({ length: layers }, () => Array<HeadKind>(count).fill(kind));

/** Depth, patch and image in its name, as in MPCViT's code; all heads with softmax. */
const vitLite = (
  size: { layers: number; heads: number; hidden: number; imageSize: number },
  labels: number,
): VitLiteConfig => ({
  architecture: 'vit-lite',
  ...size,
  ffn: 2 * size.hidden,
  patchSize: 4,
  channels: 3,
  labels,
  layerNormEpsilon: 1e-5,
  attention: heads(size.layers, size.heads, 'softmax'),
  quotient: 'inverse',
});

const cifar = { layers: 7, heads: 4, hidden: 256, imageSize: 32 };
const tinyImageNet = { layers: 9, heads: 12, hidden: 192, imageSize: 64 };
/** One layer between the model's own embedding and head: its shares fit where those of all do not. */
const block = (id: string, title: string, config: ModelConfig, source: string): ShapeModel => ({
  id: `${id}-block`,
  title: `${title}, one block`,
  config: { ...config, layers: 1 },
  source: `${source}; one block of full width`,
});

const mpcvit = 'MPCViT (Zeng et al. 2023), released code';

/** By id; also the order in which they are listed. */
export const shapeModels: readonly ShapeModel[] = [
  {
    id: 'bert-base',
    title: 'BERT base',
    config: bert(12, 768),
    source: 'Devlin et al. 2019; bert-base-cased',
  },
  {
    id: 'bert-base-linformer',
    title: 'BERT base with Linformer attention, 128 rows',
    config: { ...bert(12, 768), projected: 128 },
    source: 'Wang et al. 2020, keys and values sharing one projection a layer',
  },
  {
    id: 'bert-large',
    title: 'BERT large',
    config: bert(24, 1024),
    source: 'Devlin et al. 2019; bert-large-cased',
  },
  {
    id: 'roberta-base',
    title: 'RoBERTa base',
    config: {
      architecture: 'roberta',
      layers: 12,
      hidden: 768,
      heads: 12,
      ffn: 3072,
      vocabularySize: 50_265,
      maxPositions: 514,
      labels: 2,
      layerNormEpsilon: 1e-5,
      paddingId: 1,
    },
    source: 'Liu et al. 2019; roberta-base',
  },
  { id: 'gpt2', title: 'GPT-2', config: gpt2(12, 768), source: 'Radford et al. 2019; gpt2' },
  {
    id: 'gpt2-medium',
    title: 'GPT-2 medium',
    config: gpt2(24, 1024),
    source: 'Radford et al. 2019; gpt2-medium',
  },
  {
    id: 'gpt2-large',
    title: 'GPT-2 large',
    config: gpt2(36, 1280),
    source: 'Radford et al. 2019; gpt2-large',
  },
  {
    id: 'llama-7b',
    title: 'LLaMA 7B',
    config: llama7b,
    source: 'Touvron et al. 2023',
  },
  block('bert-large', 'BERT large', bert(24, 1024), 'Devlin et al. 2019; bert-large-cased'),
  block('gpt2-medium', 'GPT-2 medium', gpt2(24, 1024), 'Radford et al. 2019; gpt2-medium'),
  block('gpt2-large', 'GPT-2 large', gpt2(36, 1280), 'Radford et al. 2019; gpt2-large'),
  {
    id: 'llama-7b-block',
    title: 'LLaMA 7B, one block',
    // Of its embedding and head too only a part fits.
    config: { ...llama7b, layers: 1, vocabularySize: 256 },
    source: 'Touvron et al. 2023; one block of full width, 256 words',
  },
  {
    id: 'vit_7_4_32',
    title: 'ViT-Lite, 7 layers, CIFAR-10',
    config: vitLite(cifar, 10),
    source: mpcvit,
  },
  {
    id: 'vit_7_4_32-linformer',
    title: 'ViT-Lite with Linformer attention, ratio 0.3',
    // 0.3 of 65 tokens, as MPCViT's code rounds it.
    config: { ...vitLite(cifar, 10), projected: 19 },
    source: `${mpcvit}; Linformer (Wang et al. 2020)`,
  },
  {
    id: 'vit_7_4_32-100',
    title: 'ViT-Lite, 7 layers, CIFAR-100',
    config: vitLite(cifar, 100),
    source: mpcvit,
  },
  {
    id: 'vit_9_12_64',
    title: 'ViT-Lite, 9 layers, Tiny-ImageNet',
    config: vitLite(tinyImageNet, 200),
    source: mpcvit,
  },
];

/** @throws ZooError 'range' for an unknown id */
export function shapeModel(id: string): ShapeModel {
  const found = shapeModels.find((model) => model.id === id);
  if (found !== undefined) return found;
  const known = shapeModels.map((model) => model.id).join(', ');
  throw new ZooError('range', `no shape model "${id}"; known: ${known}.`);
}

/**
 * From a config.json of the Hub to the engine's shape of the model, for every architecture that the engine
 * has. A field that the engine cannot honour is refused by name: the first that differs.
 *
 * Old files lack fields that came later; those have the value here that Hugging Face's class gives them.
 */
import { readFileSync } from 'node:fs';
import type { HeadKind, ModelConfig } from '../engine/models/config.ts';
import { isFields, reader, type Fields } from './config-reader.ts';
import { ZooError } from './errors.ts';
import { readLabels } from './model-config.ts';

export interface HubConfig {
  readonly model: ModelConfig;
  /** Names of the classes, by logit; null for a language model. */
  readonly labels: readonly string[] | null;
  /** Whether the head is the table of words. */
  readonly tied: boolean;
  /** The parsed file. */
  readonly json: Fields;
}

type Reader = ReturnType<typeof reader>;

/** The class that saved the file: its head is what answers. Absent: believed to be the right one. */
function requireClass(json: Fields, top: Reader, wanted: string): void {
  const { architectures } = json;
  if (architectures === undefined) return;
  if (!Array.isArray(architectures) || architectures[0] !== wanted) {
    top.refuse('architectures', `["${wanted}"]: the model with its head`);
  }
}

/** Absent: as many as num_labels says, two if that is absent too, as Hugging Face numbers them. */
function labelsOf(json: Fields, top: Reader): string[] {
  if (json['problem_type'] === 'regression') top.refuse('problem_type', 'a classification');
  if (json['id2label'] !== undefined) return readLabels(top.object('id2label'), top.refuse);
  const count = json['num_labels'] === undefined ? 2 : top.count('num_labels', 2, 100_000);
  return Array.from({ length: count }, (_, index) => `LABEL_${index}`);
}

function stackOf(top: Reader, names: readonly [string, string, string]) {
  const [layersName, hiddenName, headsName] = names;
  const layers = top.count(layersName, 1, 200);
  const hidden = top.count(hiddenName, 2, 65_536);
  const heads = top.count(headsName, 1, 1024);
  if (hidden % heads !== 0) top.refuse(headsName, `a divisor of ${hiddenName} ${hidden}`);
  return { layers, hidden, heads };
}

const usualStack = ['num_hidden_layers', 'hidden_size', 'num_attention_heads'] as const;
const largest = 1_000_000;

function encoderOf(json: Fields, top: Reader, architecture: 'bert' | 'roberta'): HubConfig {
  requireClass(
    json,
    top,
    `${architecture === 'bert' ? 'Bert' : 'Roberta'}ForSequenceClassification`,
  );
  top.oneOf('position_embedding_type', ['absolute'], true);
  top.oneOf('is_decoder', [false], true);
  top.oneOf('hidden_act', ['gelu']);
  const labels = labelsOf(json, top);
  const shared = {
    ...stackOf(top, usualStack),
    ffn: top.count('intermediate_size', 1, largest),
    vocabularySize: top.count('vocab_size', 4, largest),
    maxPositions: top.count('max_position_embeddings', 4, largest),
    labels: labels.length,
    layerNormEpsilon: top.between('layer_norm_eps', 0, 1e-2),
  };
  if (architecture === 'roberta') {
    top.count('type_vocab_size', 1, 1);
    const paddingId = top.count('pad_token_id', 0, 16);
    return { model: { architecture, ...shared, paddingId }, labels, tied: false, json };
  }
  const typeVocabularySize = top.count('type_vocab_size', 1, 16);
  const own = isFields(json['parley']) ? json['parley'] : {};
  const pooling = reader(own, 'config.json', 'parley.').oneOf('pooling', ['cls', 'mean'], true);
  const model = { architecture, ...shared, typeVocabularySize, pooling };
  return { model, labels, tied: false, json };
}

function gpt2Of(json: Fields, top: Reader): HubConfig {
  requireClass(json, top, 'GPT2LMHeadModel');
  top.oneOf('activation_function', ['gelu_new', 'gelu_pytorch_tanh', 'gelu'], true);
  top.oneOf('scale_attn_weights', [true], true);
  top.oneOf('scale_attn_by_inverse_layer_idx', [false], true);
  top.oneOf('add_cross_attention', [false], true);
  top.oneOf('tie_word_embeddings', [true], true);
  const stack = stackOf(top, ['n_layer', 'n_embd', 'n_head']);
  const inner = json['n_inner'] ?? null;
  const model: ModelConfig = {
    architecture: 'gpt2',
    ...stack,
    ffn: inner === null ? 4 * stack.hidden : top.count('n_inner', 1, largest),
    vocabularySize: top.count('vocab_size', 2, largest),
    maxPositions: top.count('n_positions', 1, largest),
    layerNormEpsilon: top.between('layer_norm_epsilon', 0, 1e-2),
  };
  return { model, labels: null, tied: true, json };
}

function llamaOf(json: Fields, top: Reader): HubConfig {
  requireClass(json, top, 'LlamaForCausalLM');
  top.oneOf('hidden_act', ['silu']);
  top.oneOf('attention_bias', [false], true);
  top.oneOf('mlp_bias', [false], true);
  const scaling = json['rope_scaling'] ?? null;
  if (scaling !== null) top.refuse('rope_scaling', 'null: plain rotary positions');
  const stack = stackOf(top, usualStack);
  const { hidden, heads } = stack;
  const width = hidden / heads;
  if ((json['head_dim'] ?? null) !== null) top.oneOf('head_dim', [width]);
  if (width % 2 !== 0) top.refuse('num_attention_heads', 'heads of even width, to be turned');
  const given = json['num_key_value_heads'] ?? null;
  const keyValueHeads = given === null ? heads : top.count('num_key_value_heads', 1, heads);
  if (heads % keyValueHeads !== 0) {
    top.refuse('num_key_value_heads', `a divisor of num_attention_heads ${heads}`);
  }
  const model: ModelConfig = {
    architecture: 'llama',
    ...stack,
    ...(keyValueHeads === heads ? {} : { keyValueHeads }),
    ffn: top.count('intermediate_size', 1, largest),
    vocabularySize: top.count('vocab_size', 2, largest),
    rmsNormEpsilon: top.between('rms_norm_eps', 0, 1e-2),
    rotaryBase: top.between('rope_theta', 1, 1e9, 10_000),
  };
  return { model, labels: null, tied: top.oneOf('tie_word_embeddings', [false, true], true), json };
}

const headKinds: readonly HeadKind[] = ['softmax', 'relu', 'scale', '2quad'];

function imageOf(top: Reader, labels: readonly string[]) {
  const imageSize = top.count('image_size', 1, 4096);
  const patchSize = top.count('patch_size', 1, imageSize);
  if (imageSize % patchSize !== 0) top.refuse('patch_size', `a divisor of image_size ${imageSize}`);
  return {
    ffn: top.count('intermediate_size', 1, largest),
    imageSize,
    patchSize,
    channels: top.count('num_channels', 1, 16),
    labels: labels.length,
    layerNormEpsilon: top.between('layer_norm_eps', 0, 1e-2),
  };
}

/** `distilled`: DeiT, whose answer without the distillation token's is another class, which is refused. */
function vitOf(json: Fields, top: Reader, distilled: boolean): HubConfig {
  requireClass(
    json,
    top,
    distilled ? 'DeiTForImageClassificationWithTeacher' : 'ViTForImageClassification',
  );
  top.oneOf('hidden_act', ['gelu']);
  top.oneOf('qkv_bias', [true], true);
  const labels = labelsOf(json, top);
  const model: ModelConfig = {
    architecture: 'vit',
    ...(distilled ? { distilled } : {}),
    ...stackOf(top, usualStack),
    ...imageOf(top, labels),
  };
  return { model, labels, tied: false, json };
}

/** ViT-Lite, which Parley trains itself; the Hub has no such class, so its heads are under `parley`. */
function vitLiteOf(json: Fields, top: Reader): HubConfig {
  requireClass(json, top, 'ViTLiteForImageClassification');
  top.oneOf('hidden_act', ['gelu']);
  const labels = labelsOf(json, top);
  const own = reader(top.object('parley'), 'config.json', 'parley.');
  const stack = stackOf(top, usualStack);
  const model: ModelConfig = {
    architecture: 'vit-lite',
    ...stack,
    ...imageOf(top, labels),
    attention: headKindsOf(top.object('parley'), own, stack),
    quotient: own.oneOf('quotient', ['inverse', 'inverseByDivision', 'perScore']),
  };
  return { model, labels, tied: false, json };
}

/** A kind for every head of every layer. */
function headKindsOf(
  { attention }: Fields,
  own: Reader,
  { layers, heads }: { readonly layers: number; readonly heads: number },
): HeadKind[][] {
  const refuse = () =>
    own.refuse('attention', `${layers} lists of ${heads} of ${headKinds.join(', ')}`);
  if (!Array.isArray(attention) || attention.length !== layers) return refuse();
  return attention.map((layer: unknown) => {
    if (!Array.isArray(layer) || layer.length !== heads) return refuse();
    return layer.map((kind: unknown) => headKinds.find((one) => one === kind) ?? refuse());
  });
}

/** @throws ZooError ('unsupported') naming the first field that the engine cannot honour */
export function engineConfigOf(json: unknown, source: string): HubConfig {
  if (!isFields(json)) {
    throw new ZooError('corrupt', `${source}: expected a JSON object, found ${typeof json}.`);
  }
  const top = reader(json, source);
  const architecture = top.oneOf('model_type', [
    'bert',
    'roberta',
    'gpt2',
    'llama',
    'vit',
    'deit',
    'vit-lite',
  ]);
  switch (architecture) {
    case 'bert':
    case 'roberta':
      return encoderOf(json, top, architecture);
    case 'gpt2':
      return gpt2Of(json, top);
    case 'llama':
      return llamaOf(json, top);
    case 'vit':
    case 'deit':
      return vitOf(json, top, architecture === 'deit');
    case 'vit-lite':
      return vitLiteOf(json, top);
  }
}

/** The same of a file on disk. */
export function readEngineConfig(path: string): HubConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ZooError('missing', `${path}: cannot read this config (${String(cause)}).`, {
      cause,
    });
  }
  return engineConfigOf(parsed, path);
}

/** Small folders as they lie on the Hub, written by the test that reads them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineConfigOf } from '../../server/zoo/engine-config.ts';
import { numberToHalf } from '../../server/zoo/half-precision.ts';
import { randomWeights } from '../../server/zoo/random-weights.ts';
import { elementCount } from '../../server/engine/ring/tensor.ts';
import { seededRandom } from './random.ts';

export type Json = Record<string, unknown>;

const stack = {
  num_hidden_layers: 1,
  hidden_size: 8,
  num_attention_heads: 2,
  intermediate_size: 12,
  hidden_act: 'gelu',
  vocab_size: 12,
};

/** As transformers writes them; fields that came later are absent, as in old files. */
export const configs = {
  bert: {
    model_type: 'bert',
    architectures: ['BertForSequenceClassification'],
    ...stack,
    max_position_embeddings: 16,
    type_vocab_size: 2,
    layer_norm_eps: 1e-12,
    id2label: { 0: 'no', 1: 'yes' },
  },
  roberta: {
    model_type: 'roberta',
    architectures: ['RobertaForSequenceClassification'],
    ...stack,
    max_position_embeddings: 18,
    type_vocab_size: 1,
    layer_norm_eps: 1e-5,
    pad_token_id: 1,
  },
  gpt2: {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    activation_function: 'gelu_new',
    n_layer: 1,
    n_embd: 8,
    n_head: 2,
    n_positions: 16,
    vocab_size: 12,
    layer_norm_epsilon: 1e-5,
  },
  llama: {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    ...stack,
    hidden_size: 16,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    hidden_act: 'silu',
    rms_norm_eps: 1e-6,
    rope_scaling: null,
    tie_word_embeddings: true,
  },
  vit: {
    model_type: 'vit',
    architectures: ['ViTForImageClassification'],
    num_hidden_layers: 1,
    hidden_size: 8,
    num_attention_heads: 2,
    intermediate_size: 12,
    hidden_act: 'gelu',
    image_size: 4,
    patch_size: 2,
    num_channels: 3,
    layer_norm_eps: 1e-12,
    id2label: { 0: 'cat', 1: 'dog', 2: 'bird' },
  },
  vitLite: {
    model_type: 'vit-lite',
    architectures: ['ViTLiteForImageClassification'],
    num_hidden_layers: 2,
    hidden_size: 8,
    num_attention_heads: 2,
    intermediate_size: 12,
    hidden_act: 'gelu',
    image_size: 4,
    patch_size: 2,
    num_channels: 3,
    layer_norm_eps: 1e-12,
    id2label: { 0: 'cat', 1: 'dog', 2: 'bird' },
    parley: {
      attention: [
        ['softmax', 'relu'],
        ['scale', '2quad'],
      ],
      quotient: 'inverse',
    },
  },
  deit: {
    model_type: 'deit',
    architectures: ['DeiTForImageClassificationWithTeacher'],
    num_hidden_layers: 1,
    hidden_size: 8,
    num_attention_heads: 2,
    intermediate_size: 12,
    hidden_act: 'gelu',
    image_size: 4,
    patch_size: 2,
    num_channels: 3,
    layer_norm_eps: 1e-12,
    id2label: { 0: 'cat', 1: 'dog', 2: 'bird' },
  },
} as const;

export const wordPieces = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'good',
  'bad',
  'film',
  '##s',
  'a',
  '.',
];
wordPieces.push('caf', '##e');

/** Byte-level pieces: "Ġ" is a space. */
export const bytePieces = ['<s>', '<pad>', '</s>', '<unk>', 'g', 'o', 'd', 'Ġ', 'go', 'od', 'good'];
bytePieces.push('Ġgood');
export const merges = '#version: 0.2\ng o\no d\ngo od\nĠ good\n';

export interface Stored {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Every tensor that the engine reads, with seeded values that F16 and BF16 hold exactly. */
export async function seededTensors(config: Json): Promise<Map<string, Stored>> {
  const { model, tied } = engineConfigOf(config, 'config.json');
  const shapes = await randomWeights(model, 'seed');
  const tensors = new Map<string, Stored>();
  for (const [name, { shape }] of shapes) {
    if (tied && name === 'lm_head.weight') continue;
    const random = seededRandom(name);
    const data = Float32Array.from(
      { length: elementCount(shape) },
      () => Math.round(128 * (random() - 0.5)) / 128,
    );
    tensors.set(name, { shape, data });
  }
  return tensors;
}

type Dtype = 'F32' | 'F16' | 'BF16' | 'F64';
const widths = { F32: 4, F16: 2, BF16: 2, F64: 8 } as const;

/** A safetensors file with any dtype, as other tools write it. */
export function safetensors(tensors: ReadonlyMap<string, Stored>, dtype: Dtype): Uint8Array {
  const width = widths[dtype];
  const header: Json = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + width * data.length] };
    offset += width * data.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.alloc(8 + json.length + offset);
  bytes.writeBigUInt64LE(BigInt(json.length));
  json.copy(bytes, 8);
  let at = 8 + json.length;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      if (dtype === 'F32') bytes.writeFloatLE(value, at);
      else if (dtype === 'F64') bytes.writeDoubleLE(value, at);
      else if (dtype === 'F16') bytes.writeUInt16LE(numberToHalf(value), at);
      else bytes.writeUInt16LE(new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16, at);
      at += width;
    }
  }
  return bytes;
}

export interface FolderParts {
  readonly config?: Json;
  readonly tensors?: ReadonlyMap<string, Stored>;
  readonly dtype?: Dtype;
  /** Further files, by name; null leaves out one that would be there. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
}

/** Files of a folder, by name; a BERT with vocab.txt where nothing else is said. */
export async function hubFiles({
  config = configs.bert,
  tensors,
  dtype = 'F32',
  files = {},
}: FolderParts = {}): Promise<Map<string, string | Uint8Array>> {
  const vocabulary: Readonly<Record<string, string>> =
    config['model_type'] === 'bert'
      ? { 'vocab.txt': `${wordPieces.join('\n')}\n` }
      : {
          'vocab.json': JSON.stringify(Object.fromEntries(bytePieces.map((p, id) => [p, id]))),
          'merges.txt': merges,
        };
  const made = new Map<string, string | Uint8Array>([
    ['config.json', JSON.stringify(config)],
    ['model.safetensors', safetensors(tensors ?? (await seededTensors(config)), dtype)],
    ...(['vit', 'deit', 'vit-lite'].includes(String(config['model_type']))
      ? []
      : Object.entries(vocabulary)),
  ]);
  for (const [name, content] of Object.entries(files)) {
    if (content === null) made.delete(name);
    else made.set(name, content);
  }
  return made;
}

/** Writes them. */
export async function hubFolder(folder: string, parts: FolderParts = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of await hubFiles(parts)) await writeFile(join(folder, name), content);
  return folder;
}

/** Folders as they lie on the Hub, with their peculiarities, become models that a run can name. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addModel } from '../../server/zoo/add-model.ts';
import { classifyFloat, prepareFloatModel } from '../../server/zoo/float-bert.ts';
import { loadImageModel, loadLanguageModel, loadModel } from '../../server/zoo/registry.ts';
import { listFolders } from '../../server/zoo/embedded-files.ts';
import { verifyFolder } from '../../server/zoo/verify-folder.ts';
import {
  configs,
  hubFolder,
  safetensors,
  seededTensors,
  type FolderParts,
  type Json,
  type Stored,
} from '../support/tiny-classifier.ts';

let room = '';
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-add-'));
});
afterEach(() => rm(room, { recursive: true }));

const data = () => join(room, 'data');
const origin = { title: 'Tiny', source: 'folder tiny' };
const folderOf = (parts: FolderParts = {}) => hubFolder(join(room, 'tiny'), parts);
const add = (folder: string, id = 'tiny') => addModel(folder, { id, dataFolder: data(), origin });

async function added(parts: FolderParts) {
  await add(await folderOf(parts));
  return loadModel('tiny', data());
}

/** Values by the engine's names. */
function expectSame(tensors: ReadonlyMap<string, Stored>, wanted: ReadonlyMap<string, Stored>) {
  expect([...tensors.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, { shape, data: values }] of wanted) {
    expect(tensors.get(name)?.shape, name).toEqual(shape);
    expect([...(tensors.get(name)?.data ?? [])], name).toEqual([...values]);
  }
}

const renamed = (tensors: ReadonlyMap<string, Stored>, to: (name: string) => string) =>
  new Map([...tensors].map(([name, tensor]) => [to(name), tensor]));

describe('weights', () => {
  test.each(['F32', 'F16', 'BF16'] as const)('%s arrive as they were', async (dtype) => {
    const tensors = await seededTensors(configs.bert);
    expectSame((await added({ tensors, dtype })).tensors, tensors);
  });

  test('names without the first part, and LayerNorm with gamma and beta', async () => {
    const tensors = await seededTensors(configs.bert);
    const old = renamed(tensors, (name) =>
      name
        .replace(/^bert\./, '')
        .replace(/LayerNorm\.weight$/, 'LayerNorm.gamma')
        .replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
    );
    expect([...old.keys()]).toContain('embeddings.LayerNorm.gamma');
    expectSame((await added({ tensors: old })).tensors, tensors);
  });

  test('what inference does not read is left out, whatever its dtype', async () => {
    const tensors = await seededTensors(configs.bert);
    const more = new Map(tensors);
    const extra = { shape: [4], data: Float32Array.of(1, 2, 3, 4) };
    more.set('bert.embeddings.position_ids', extra).set('cls.predictions.bias', extra);
    expectSame((await added({ tensors: more })).tensors, tensors);
  });

  test('shards by their index', async () => {
    const tensors = await seededTensors(configs.bert);
    const half = [...tensors].slice(0, 9);
    const rest = [...tensors].slice(9);
    const map = (entries: typeof half, file: string) => entries.map(([name]) => [name, file]);
    const weight_map = Object.fromEntries([
      ...map(half, 'a.safetensors'),
      ...map(rest, 'b.safetensors'),
    ]);
    const files = {
      'model.safetensors': null,
      'a.safetensors': safetensors(new Map(half), 'F16'),
      'b.safetensors': safetensors(new Map(rest), 'BF16'),
      'model.safetensors.index.json': JSON.stringify({ metadata: {}, weight_map }),
    };
    expectSame((await added({ files })).tensors, tensors);
  });
});

describe('vocabularies', () => {
  test('vocab.txt becomes a WordPiece tokenizer that lowers case', async () => {
    const { tokenizer } = await added({});
    expect([...tokenizer.encode('A good FILMS.').ids].slice(0, 8)).toEqual([
      2, 8, 4, 6, 7, 9, 3, 0,
    ]);
    expect(tokenizer.encode('Café').ids.slice(1, 3)).toEqual(Int32Array.of(10, 11));
  });

  test('a cased vocabulary keeps its capitals, by its settings or by its pieces', async () => {
    const cased = [
      '[PAD]',
      '[UNK]',
      '[CLS]',
      '[SEP]',
      'good',
      'Good',
      'x',
      'y',
      'z',
      'u',
      'v',
      'w',
    ];
    const files = { 'vocab.txt': cased.join('\n') };
    const { tokenizer } = await added({ files });
    expect(tokenizer.encode('Good good').ids.slice(1, 3)).toEqual(Int32Array.of(5, 4));
    await rm(data(), { recursive: true });
    const lower = { ...files, 'tokenizer_config.json': '{"do_lower_case":true}' };
    expect((await added({ files: lower })).tokenizer.encode('Good').ids[1]).toBe(4);
  });

  test('vocab.json and merges.txt become a byte-level BPE for RoBERTa', async () => {
    const { tokenizer, config } = await added({ config: configs.roberta });
    expect(config).toMatchObject({ architecture: 'roberta', paddingId: 1, maxLength: 16 });
    expect(config.labels).toEqual(['LABEL_0', 'LABEL_1']);
    expect([...tokenizer.encode('good good').ids].slice(0, 5)).toEqual([0, 10, 11, 2, 1]);
  });

  test('the length is the smallest of positions and what the tokenizer says', async () => {
    const settings = (limit: number) => ({
      'tokenizer_config.json': `{"model_max_length":${limit}}`,
    });
    expect((await added({ files: settings(8) })).config.maxLength).toBe(8);
    await rm(data(), { recursive: true });
    expect((await added({ files: settings(1e30) })).config.maxLength).toBe(16);
  });
});

test('RoBERTa counts positions from the one after the padding id', async () => {
  const { config, tensors } = await added({ config: configs.roberta });
  const ids = Int32Array.of(0, 10, 2);
  const mask = Uint8Array.of(1, 1, 1);
  const before = classifyFloat(prepareFloatModel(config, tensors), ids, mask).logits;
  const edited = (row: number) => {
    const name = 'roberta.embeddings.position_embeddings.weight';
    const table = tensors.get(name)!;
    const values = table.data.slice();
    values[8 * row] = 7;
    const changed = new Map(tensors).set(name, { ...table, data: values });
    return classifyFloat(prepareFloatModel(config, changed), ids, mask).logits;
  };
  expect(edited(1)).toEqual(before);
  expect(edited(2)).not.toEqual(before);
  expect(edited(5)).toEqual(before);
});

describe('other architectures are checked', () => {
  test.each(['gpt2', 'llama'] as const)('%s', async (name) => {
    const folder = await folderOf({ config: configs[name] });
    expect(await verifyFolder(folder)).toMatchObject({ architecture: name });
    expect(await add(folder)).toMatchObject({ architecture: name, labels: [] });
    const { language, pieces } = await loadLanguageModel('tiny', data());
    expect(language.config.architecture).toBe(name);
    expect(pieces.decode(pieces.encode('good good'))).toBe('good good');
  });

  test('ViT is added, with how pixels become numbers', async () => {
    const folder = await folderOf({ config: configs.vit });
    expect(await add(folder)).toMatchObject({ architecture: 'vit', maxLength: 5 });
    const { image } = await loadImageModel('tiny', data());
    expect(image.normalisation).toEqual({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    expect(image.labels).toEqual(['cat', 'dog', 'bird']);
  });

  test.each([
    [{ image_std: [0, 1, 1] }, /image_std is \[0,1,1\], Parley needs positive numbers/],
    [{ image_mean: [0.5] }, /image_mean is \[0.5\], Parley needs 3 numbers, one a channel/],
    [{ rescale_factor: 1 }, /rescale_factor is 1, Parley needs 1\/255/],
  ])('ViT with %j is refused', async (settings, message) => {
    const files = { 'preprocessor_config.json': JSON.stringify(settings) };
    await expect(add(await folderOf({ config: configs.vit, files }))).rejects.toThrow(message);
  });

  test('GPT-2 without its first part; the head is the table of words', async () => {
    const tensors = renamed(await seededTensors(configs.gpt2), (n) =>
      n.replace(/^transformer\./, ''),
    );
    const found = await verifyFolder(await folderOf({ config: configs.gpt2, tensors }));
    expect(found.tensors).toBe(tensors.size);
  });

  test('LLaMA whose head is not tied needs one', async () => {
    const config = { ...configs.llama, tie_word_embeddings: false };
    const tensors = await seededTensors(configs.llama);
    await expect(verifyFolder(await folderOf({ config, tensors }))).rejects.toThrow(
      /no tensor "lm_head\.weight"/,
    );
  });

  const refused: [keyof typeof configs, Json, RegExp][] = [
    ['llama', { rope_scaling: { type: 'linear', factor: 2 } }, /rope_scaling is .*linear/],
    ['llama', { num_key_value_heads: 3 }, /num_key_value_heads is 3, .* divisor/],
    ['llama', { attention_bias: true }, /attention_bias is true/],
    ['gpt2', { activation_function: 'relu' }, /activation_function is "relu"/],
    ['gpt2', { scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse_layer_idx is true/],
    ['bert', { position_embedding_type: 'relative_key' }, /position_embedding_type/],
    ['bert', { architectures: ['BertForMaskedLM'] }, /architectures .* with its head/],
    ['bert', { problem_type: 'regression' }, /problem_type is "regression"/],
    ['bert', { hidden_act: 'gelu_new' }, /hidden_act is "gelu_new"/],
    ['roberta', { type_vocab_size: 2 }, /type_vocab_size is 2/],
    ['vit', { qkv_bias: false }, /qkv_bias is false/],
    ['vit', { patch_size: 3 }, /patch_size is 3, .*divisor of image_size 4/],
    ['bert', { model_type: 'deberta-v2' }, /model_type is "deberta-v2"/],
  ];
  test.each(refused)('%s with %j is refused by the field', async (name, change, message) => {
    const folder = await folderOf({ config: configs[name] });
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...configs[name], ...change }));
    await expect(verifyFolder(folder)).rejects.toThrow(message);
  });
});

describe('all or nothing', () => {
  test('a refused model leaves nothing', async () => {
    const tensors = await seededTensors(configs.bert);
    tensors.get('classifier.bias')!.data[1] = NaN;
    await expect(add(await folderOf({ tensors }))).rejects.toThrow(
      /tensor "classifier\.bias": not all values are finite/,
    );
    expect(await readdir(join(data(), 'models'))).toEqual([]);
  });

  test('a cancel leaves nothing', async () => {
    const stop = new AbortController();
    const folder = await folderOf();
    const options = { id: 'tiny', dataFolder: data(), origin, signal: stop.signal };
    const adding = addModel(folder, {
      ...options,
      onProgress: () => stop.abort(new Error('stop')),
    });
    await expect(adding).rejects.toThrow('stop');
    expect(await readdir(join(data(), 'models'))).toEqual([]);
  });

  test('one that is being added is not listed', async () => {
    await mkdir(join(data(), 'models', '.adding-x'), { recursive: true });
    await writeFile(join(data(), 'models', '.adding-x', 'model.safetensors'), '');
    expect(await listFolders('models', data())).not.toContain('.adding-x');
  });

  test.each(['tiny', 'minilm-2l-imdb', 'bert-base'])('the name %s is taken', async (id) => {
    const folder = await folderOf();
    await add(folder);
    await expect(add(folder, id)).rejects.toThrow(/is taken.*--as NAME/);
  });

  test.each(['../x', '.x', 'a/b', '', 'x'.repeat(81)])('"%s" is no name', async (id) => {
    await expect(add(await folderOf(), id)).rejects.toThrow(/letters, digits/);
  });
});

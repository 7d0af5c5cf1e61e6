/**
 * What a stranger may give, one by one: each is refused with file, tensor or field, and value, before there
 * is anything that a run could name. Headers in memory are in safetensors.test.ts, rows in
 * add-dataset.test.ts.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodePatches } from '../../server/engine/models/batch.ts';
import { addModel } from '../../server/zoo/add-model.ts';
import { ZooError } from '../../server/zoo/errors.ts';
import {
  bytePieces,
  configs,
  hubFolder,
  safetensors,
  seededTensors,
  wordPieces,
  type FolderParts,
  type Stored,
} from '../support/tiny-classifier.ts';

let room = '';
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-bad-'));
});
afterEach(() => rm(room, { recursive: true }));

/** Refused with this message, and nothing was added. */
async function expectRefused(
  parts: FolderParts,
  message: RegExp,
  edit?: (folder: string) => Promise<void>,
) {
  const folder = await hubFolder(join(room, 'given'), parts);
  await edit?.(folder);
  const origin = { title: 'Bad', source: 'test' };
  const adding = addModel(folder, { id: 'bad', dataFolder: join(room, 'data'), origin });
  await expect(adding).rejects.toThrow(ZooError);
  await expect(adding).rejects.toThrow(message);
  const models = join(room, 'data', 'models');
  expect(existsSync(models) ? await readdir(models) : []).toEqual([]);
}

const tensors = await seededTensors(configs.bert);
const whole = safetensors(tensors, 'F32');
const query = 'bert.encoder.layer.0.attention.self.query.weight';
const changed = (name: string, tensor: Stored | null): Map<string, Stored> => {
  const copy = new Map(tensors);
  if (tensor === null) copy.delete(name);
  else copy.set(name, tensor);
  return copy;
};
const withFile = (name: string, content: string | Uint8Array | null) => ({
  files: { [name]: content },
});
const weights = (content: Uint8Array) => withFile('model.safetensors', content);

/** The file with another header length in front. */
function claiming(length: bigint): Uint8Array {
  const copy = Buffer.from(whole);
  copy.writeBigUInt64LE(length);
  return copy;
}

/** The file with an edited header of the same length. */
function editedHeader(from: string, to: string): Uint8Array {
  const copy = Buffer.from(whole);
  const at = copy.indexOf(from);
  expect(at).toBeGreaterThan(0);
  expect(to).toHaveLength(from.length);
  copy.write(to, at, 'latin1');
  return copy;
}

describe('weights', () => {
  test('of a dtype that is none of weights', () =>
    expectRefused(
      { tensors, dtype: 'F64' },
      /tensor ".*": dtype F64 is not one of F16, BF16, F32, I64; convert/,
    ));

  test('with a tensor missing', () =>
    expectRefused(
      { tensors: changed(query, null) },
      new RegExp(`no tensor "${query}", the config needs \\[8, 8\\]`),
    ));

  test('without a head: the model was not trained for a task', () =>
    expectRefused(
      { tensors: changed('classifier.weight', null) },
      /no tensor "classifier\.weight".*without its head answers nothing/,
    ));

  test('with a shape that disagrees with the config', () =>
    expectRefused(
      { tensors: changed(query, { shape: [4, 16], data: new Float32Array(64) }) },
      /shape \[4, 16\], the config says \[8, 8\]/,
    ));

  test('with a number that is none', () => {
    const data = new Float32Array(64);
    data[63] = Infinity;
    return expectRefused(
      { tensors: changed(query, { shape: [8, 8], data }) },
      /not all values are finite/,
    );
  });

  test('cut short', () => expectRefused(weights(whole.subarray(0, whole.length - 4)), /cut short/));
  test('of seven bytes', () => expectRefused(weights(whole.subarray(0, 7)), /7 bytes are too few/));
  test('whose header claims 2^63 bytes', () =>
    expectRefused(weights(claiming(2n ** 63n)), /claims 9223372036854775808 bytes/));
  test('whose header claims a byte more than the file has', () =>
    expectRefused(weights(claiming(BigInt(whole.length - 7))), /the header claims/));
  test('whose tensors share bytes', () => {
    const text = Buffer.from(whole).toString('latin1');
    const [, from = '', to = ''] =
      /"data_offsets":\[(\d+),(\d+)\]\},"bert\.embeddings\.position/.exec(text) ?? [];
    const [, next = '', end = ''] =
      new RegExp(`"data_offsets":\\[(${to}),(\\d+)\\]`).exec(text) ?? [];
    expect(from).toBe('0');
    // One of the same length that begins four bytes earlier; its end moves too, so that its size fits.
    const earlier = `[${Number(next) - 4},${Number(end) - 4}]`;
    return expectRefused(weights(editedHeader(`[${next},${end}]`, earlier)), /share bytes/);
  });
  test('that are a zip archive with a pickle in it', () =>
    expectRefused(
      weights(Buffer.from('PK\u0003\u0004 and a bomb of any size', 'latin1')),
      /zip archive, as PyTorch saves pickles.*Convert it/,
    ));
  test('that are a pickle under its own name', () =>
    expectRefused(
      { files: { 'model.safetensors': null, 'pytorch_model.bin': 'PK\u0003\u0004' } },
      /pytorch_model\.bin, a Python pickle, which can run any code.*refs\/pr\/1.*save_pretrained/,
    ));
  test('that are a pointer to a large file', () =>
    expectRefused(
      weights(Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')),
      /Git LFS pointer.*git lfs pull/,
    ));
  test('that are not there', () =>
    expectRefused(withFile('model.safetensors', null), /model\.safetensors: cannot read it/));
});

describe('shards', () => {
  const parts = (map: unknown, more: Record<string, Uint8Array> = {}) => ({
    files: {
      'model.safetensors': null,
      'model.safetensors.index.json': JSON.stringify({ weight_map: map }),
      ...more,
    },
  });
  const all = (shard: string) =>
    Object.fromEntries([...tensors.keys()].map((name) => [name, shard]));

  test('of which one is missing', () =>
    expectRefused(parts(all('a.safetensors')), /index\.json: shard a\.safetensors is not there/));
  test.each(['../a.safetensors', '/etc/passwd', 7])('whose name is %j', (shard) =>
    expectRefused(parts({ [query]: shard }), /is no shard's name/),
  );
  test('that do not hold what the index says', () =>
    expectRefused(
      parts({ ...all('a.safetensors'), 'no.such': 'a.safetensors' }, { 'a.safetensors': whole }),
      /tensor "no\.such" should be in a\.safetensors and is nowhere/,
    ));
  test('that hold a tensor twice', () =>
    expectRefused(
      parts(
        { ...all('a.safetensors'), [query]: 'b.safetensors' },
        { 'a.safetensors': whole, 'b.safetensors': whole },
      ),
      /lies in .*a\.safetensors and in .*b\.safetensors/,
    ));
  test('with an index that is none', () =>
    expectRefused(
      { files: { 'model.safetensors': null, 'model.safetensors.index.json': '[]' } },
      /weight_map is not an object/,
    ));
});

describe('tokenizers', () => {
  test('of another vocabulary: too many pieces', () =>
    expectRefused(
      withFile('vocab.txt', [...wordPieces, 'one', 'more'].join('\n')),
      /knows 14 pieces up to the id 13, the config's vocab_size is 12/,
    ));
  test('of another vocabulary: far too few', async () => {
    const config = { ...configs.bert, vocab_size: 300 };
    await expectRefused(
      { config },
      /knows 12 pieces .* vocab_size is 300.*tokenizer of this model/,
    );
  });
  test('that lack the pieces which begin and end a text', () =>
    expectRefused(
      withFile('vocab.txt', wordPieces.map((piece) => piece.replace('[SEP]', 'sep')).join('\n')),
      /no \[SEP\] or <\/s> token/,
    ));
  test('with a piece twice', () =>
    expectRefused(
      withFile(
        'vocab.txt',
        wordPieces.map((piece) => (piece === 'bad' ? 'good' : piece)).join('\n'),
      ),
      /line 6 repeats the piece "good" of line 5/,
    ));
  test('with ids that would fill the memory', () =>
    expectRefused(
      withFile(
        'tokenizer.json',
        JSON.stringify({ model: { type: 'WordPiece', vocab: { a: 4e9 } } }),
      ),
      /piece "a" has the id 4000000000/,
    ));
  test('that are not JSON', () =>
    expectRefused(withFile('tokenizer.json', '{'), /tokenizer\.json: not JSON/));
  test('that are none', () => expectRefused(withFile('tokenizer.json', '{}'), /not a tokenizer/));
  test('that are not there', () =>
    expectRefused(withFile('vocab.txt', null), /no tokenizer\.json, no vocab\.txt/));
  test('whose merges are of another vocabulary', () =>
    expectRefused(
      { config: configs.roberta, ...withFile('merges.txt', 'b a\n') },
      /merge 1, "b a", needs the piece "b".*different models/,
    ));
  test('whose vocabulary gives two pieces one id', () =>
    expectRefused(
      {
        config: configs.roberta,
        ...withFile(
          'vocab.json',
          JSON.stringify({ ...Object.fromEntries(bytePieces.map((p, i) => [p, i])), x: 3 }),
        ),
      },
      /piece "x" has the id 3, which is no id or another piece's/,
    ));
  test('whose padding id is not the one that positions are counted from', () =>
    expectRefused(
      { config: { ...configs.roberta, pad_token_id: 2 } },
      /padding piece has the id 1, the config's pad_token_id is 2/,
    ));
});

test('a config that is not JSON', () =>
  expectRefused(
    withFile('config.json', 'model_type: bert'),
    /config\.json: cannot read this config/,
  ));

test('an image of another size', () => {
  const config = {
    architecture: 'vit',
    layers: 1,
    hidden: 8,
    heads: 2,
    ffn: 8,
    imageSize: 4,
    patchSize: 2,
    channels: 3,
    labels: 3,
    layerNormEpsilon: 1e-12,
  } as const;
  const pixels = new Float32Array(3 * 5 * 5);
  expect(() => encodePatches(config, { size: 1, pixels })).toThrow(
    /75 pixels for 1 images of 48 each/,
  );
});

test('what was given stays as it was', async () => {
  const folder = await hubFolder(join(room, 'kept'));
  const before = await readFile(join(folder, 'config.json'), 'utf8');
  await writeFile(join(folder, 'more.txt'), 'x');
  const origin = { title: 'Good', source: 'test' };
  await addModel(folder, { id: 'good', dataFolder: join(room, 'data'), origin });
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe(before);
  expect((await readdir(folder)).toSorted()).toEqual(
    ['config.json', 'model.safetensors', 'more.txt', 'vocab.txt'].toSorted(),
  );
});

/** Repositories of the Hub, answered by a server of the test: revisions, ranges, broken lines, refusals. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDataset } from '../../server/zoo/add-dataset.ts';
import {
  fetchDataset,
  fetchModel,
  type FetchProgress,
} from '../../server/zoo/hub/fetch-snapshot.ts';
import { idOfHub, parseGiven } from '../../server/zoo/hub/hub-id.ts';
import { readRepository, type HubAccess } from '../../server/zoo/hub/hub-repository.ts';
import { verifyFolder } from '../../server/zoo/verify-folder.ts';
import { HubServer } from '../support/hub-server.ts';
import { configs, hubFiles, safetensors, seededTensors } from '../support/tiny-classifier.ts';

const whole = await hubFiles();
const pickled = await hubFiles({
  files: { 'model.safetensors': null, 'pytorch_model.bin': 'PK\u0003\u0004' },
});
const tensors = await seededTensors(configs.bert);
const [first, rest] = [[...tensors].slice(0, 5), [...tensors].slice(5)];
const sharded = await hubFiles({
  files: {
    'model.safetensors': null,
    'model-1.safetensors': safetensors(new Map(first), 'F16'),
    'model-2.safetensors': safetensors(new Map(rest), 'F16'),
    'model.safetensors.index.json': JSON.stringify({
      weight_map: Object.fromEntries([
        ...first.map(([name]) => [name, 'model-1.safetensors']),
        ...rest.map(([name]) => [name, 'model-2.safetensors']),
      ]),
    }),
  },
});
const odd = await hubFiles({ config: { ...configs.bert, model_type: 'deberta-v2' }, tensors });
const climbing = new Map([...whole, ['../../evil.jsonl', '{}']]);

const parquetBytes = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'sentence', data: ['good', 'bad'], type: 'STRING' },
      { name: 'label', data: [1n, 0n], type: 'INT64' },
    ],
  }),
);

let room = '';
let server: HubServer;
let access: HubAccess;

beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-hub-'));
  server = new HubServer([
    { kind: 'models', id: 'me/tiny', revisions: { main: pickled, 'refs/pr/1': whole } },
    { kind: 'models', id: 'me/shards', revisions: { main: sharded } },
    { kind: 'models', id: 'me/odd', revisions: { main: odd } },
    {
      kind: 'datasets',
      id: 'me/rows',
      revisions: {
        main: new Map([
          ['README.md', '---\nlicense: cc0-1.0\n---\n'],
          ['data/test.jsonl', '{"text":"a","label":0}\n'],
        ]),
        many: new Map([
          ['a.csv', 'text,label\n'],
          ['b.csv', 'text,label\n'],
        ]),
        parquet: new Map([['sst2/train-00000-of-00001.parquet', parquetBytes]]),
        images: new Map([['photo.tar', 'x']]),
        climbing,
      },
    },
  ]);
  access = { hubUrl: await server.listen() };
});
afterEach(async () => {
  await server.close();
  await rm(room, { recursive: true });
});

const ask = (id: string, revision = 'main') => readRepository('model', id, revision, access);

async function fetchTiny(onProgress: (progress: FetchProgress) => void = () => undefined) {
  return fetchModel(await ask('me/tiny', 'refs/pr/1'), room, access, onProgress);
}

describe('what is given', () => {
  test('ids with revisions, and folders', () => {
    expect(parseGiven('me/tiny')).toEqual({ kind: 'hub', id: 'me/tiny', revision: 'main' });
    expect(parseGiven('gpt2@v1.0')).toEqual({ kind: 'hub', id: 'gpt2', revision: 'v1.0' });
    expect(parseGiven('me/tiny@refs/pr/2')).toMatchObject({ revision: 'refs/pr/2' });
    expect(parseGiven(room)).toEqual({ kind: 'folder', folder: room });
    expect(idOfHub('me/tiny')).toBe('me--tiny');
  });
  test.each(['a/b/c', 'me/../x', 'me/tiny@', 'me/tiny@a..b', '', 'https://huggingface.co/me'])(
    '"%s" is neither',
    (text) => {
      expect(() => parseGiven(text)).toThrow(/neither a folder here nor an id/);
    },
  );
});

describe('a model', () => {
  test('arrives whole, from the revision asked for, and is not fetched twice', async () => {
    const seen: FetchProgress[] = [];
    const { folder, fetched } = await fetchTiny((progress) => seen.push(progress));
    expect(fetched).toBe(3);
    expect(await verifyFolder(folder)).toMatchObject({ architecture: 'bert' });
    const last = seen.at(-1);
    expect(last?.path).toBe('model.safetensors');
    expect(last?.doneBytes).toBe(last?.ofBytes);
    const before = server.asked.length;
    expect((await fetchTiny()).fetched).toBe(0);
    // The revision and its files are asked again; no file is.
    expect(server.asked.slice(before).filter((path) => path.includes('/resolve/'))).toEqual([]);
  });

  test('goes on where the line broke', async () => {
    const repository = await ask('me/tiny', 'refs/pr/1');
    const bytes = whole.get('model.safetensors')?.length ?? 0;
    server.breakAfter = bytes - 100;
    await expect(fetchModel(repository, room, access, () => undefined)).rejects.toThrow(
      /model\.safetensors.*the same command goes on from there/,
    );
    const folder = join(room, 'hub', 'model--me--tiny', repository.commit);
    const part = (await stat(join(folder, 'model.safetensors.part'))).size;
    expect(part).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(false);
    await fetchModel(repository, room, access, () => undefined);
    expect(server.asked.at(-1)).toMatch(new RegExp(`model\\.safetensors bytes=${part}-$`));
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(
      Buffer.from(whole.get('model.safetensors') ?? ''),
    );
  });

  test('starts anew where the server knows no ranges', async () => {
    const bytes = whole.get('model.safetensors')?.length ?? 0;
    server.breakAfter = bytes - 100;
    await expect(fetchTiny()).rejects.toThrow(/goes on from there/);
    server.ignoresRanges = true;
    const { folder } = await fetchTiny();
    expect((await stat(join(folder, 'model.safetensors'))).size).toBe(bytes);
  });

  test('stops when it is cancelled, and keeps what is there', async () => {
    const stop = new AbortController();
    const cancelled = { ...access, signal: stop.signal };
    const repository = await readRepository('model', 'me/tiny', 'refs/pr/1', cancelled);
    const fetching = fetchModel(repository, room, cancelled, ({ path, doneBytes }) => {
      if (path === 'vocab.txt' && doneBytes > 0) stop.abort(new Error('cancelled'));
    });
    await expect(fetching).rejects.toThrow('cancelled');
    const there = await readdir(join(room, 'hub', 'model--me--tiny', repository.commit));
    expect(there).toContain('config.json');
    expect(there).not.toContain('model.safetensors');
  });

  test('by shards', async () => {
    const { folder } = await fetchModel(await ask('me/shards'), room, access, () => undefined);
    expect((await verifyFolder(folder)).tensors).toBe(tensors.size);
  });

  test('whose bytes are not those of the listing is removed', async () => {
    const forged = Buffer.from(whole.get('model.safetensors') ?? '');
    forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
    server.lies.set('model.safetensors', forged);
    await expect(fetchTiny()).rejects.toThrow(/hashes to .* the Hub says/);
    server.lies.set('model.safetensors', Buffer.concat([forged, forged]));
    await expect(fetchTiny()).rejects.toThrow(/more than the \d+ bytes that the Hub lists/);
  });

  test('with pickles only is refused before anything is fetched, with the revision to ask for', async () => {
    await expect(fetchModel(await ask('me/tiny'), room, access, () => undefined)).rejects.toThrow(
      /pytorch_model\.bin, a Python pickle.*refs\/pr\/1/,
    );
    expect(server.asked.filter((path) => path.includes('/resolve/'))).toEqual([]);
  });

  test('of another kind is refused before its weights are fetched', async () => {
    await expect(fetchModel(await ask('me/odd'), room, access, () => undefined)).rejects.toThrow(
      /model_type is "deberta-v2"/,
    );
    expect(server.asked.filter((path) => path.endsWith('.safetensors'))).toEqual([]);
  });
});

describe('what the Hub answers', () => {
  test('no such id or revision', async () => {
    await expect(ask('me/none')).rejects.toThrow(
      /me\/none@main: the Hub has no such id or revision/,
    );
    await expect(ask('me/tiny', 'v9')).rejects.toThrow(/me\/tiny@v9/);
  });
  test('one that asks for a token', async () => {
    server.gated.add('me/tiny');
    await expect(ask('me/tiny', 'refs/pr/1')).rejects.toThrow(/set HF_TOKEN/);
    const withToken = { ...access, token: 'hf_x' };
    expect((await readRepository('model', 'me/tiny', 'refs/pr/1', withToken)).files).toHaveLength(
      3,
    );
  });
  test('nothing: no network', async () => {
    const nobody = { hubUrl: 'http://127.0.0.1:9' };
    await expect(readRepository('model', 'me/tiny', 'main', nobody)).rejects.toThrow(
      /cannot be reached.*give a folder/,
    );
  });
});

describe('a data set', () => {
  const rows = async (revision: string, file: string | null) =>
    fetchDataset(
      await readRepository('dataset', 'me/rows', revision, access),
      file,
      room,
      access,
      () => undefined,
    );

  test('its one file, with its card', async () => {
    const { file, folder } = await rows('main', null);
    expect(await readFile(file, 'utf8')).toContain('"label":0');
    expect(await readdir(folder)).toContain('README.md');
  });
  test('of several files one is named', async () => {
    await expect(rows('many', null)).rejects.toThrow(/--file PATH; there are a\.csv, b\.csv/);
    expect((await rows('many', 'b.csv')).file).toMatch(/b\.csv$/);
    await expect(rows('many', 'c.csv')).rejects.toThrow(/no file c\.csv/);
  });
  test('in parquet, as most of the Hub has them', async () => {
    const { file } = await rows('parquet', null);
    const shared = { title: 'Rows', licence: 'MIT', origin: 'me/rows', most: 10 };
    const added = await addDataset(file, { id: 'rows', dataFolder: room, ...shared });
    expect(added).toMatchObject({ size: 2, labels: ['0', '1'] });
  });
  test('without a file that can be read names the revision where the Hub has it as parquet', async () => {
    await expect(rows('images', null)).rejects.toThrow(/Try me\/rows@refs\/convert\/parquet/);
  });
  test('whose listing climbs folders', async () => {
    await expect(rows('climbing', '../../evil.jsonl')).rejects.toThrow(/no path inside of it/);
    expect(existsSync(join(room, 'evil.jsonl'))).toBe(false);
  });
});

/** Files of labelled texts become data sets that a run can name; what is wrong is refused by row and value. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDataset, type DatasetOptions } from '../../server/zoo/add-dataset.ts';
import { readClassNames } from '../../server/zoo/dataset-readme.ts';
import { listDatasets, loadSamples } from '../../server/zoo/registry.ts';

let room = '';
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-rows-'));
});
afterEach(() => rm(room, { recursive: true }));

const data = () => join(room, 'data');

async function add(name: string, content: string, options: Partial<DatasetOptions> = {}) {
  const file = join(room, name);
  await writeFile(file, content);
  const shared = { title: 'Rows', licence: 'CC0', origin: `file ${name}`, most: 100 };
  return addDataset(file, { id: 'rows', dataFolder: data(), ...shared, ...options });
}

const jsonl = (rows: readonly object[]): string =>
  rows.map((row) => JSON.stringify(row)).join('\n');
const sorted = Array.from({ length: 40 }, (_, at) => ({
  sentence: `text ${at}`,
  label: at < 20 ? 0 : 1,
}));

describe('formats', () => {
  const expected = [
    { text: 'a, "b"\nc', label: 1 },
    { text: 'd', label: 0 },
  ];
  const csv = 'text,label\r\n"a, ""b""\nc",1\r\nd,0\r\n';
  test.each([
    ['rows.jsonl', jsonl(expected)],
    ['lines.json', jsonl(expected)],
    ['list.json', JSON.stringify(expected)],
    ['under.json', JSON.stringify({ data: expected })],
    ['rows.csv', csv],
    ['rows.tsv', 'text\tlabel\n"a, ""b""\nc"\t1\nd\t0'],
  ])('%s', async (name, content) => {
    await add(name, content);
    const samples = await loadSamples('rows', 2, data());
    expect(samples.map(({ text, label }) => ({ text, label }))).toEqual(
      expect.arrayContaining(expected),
    );
  });
});

test('a set sorted by label is put in the order of its hashes, the same every time', async () => {
  await add('rows.jsonl', jsonl(sorted));
  const labels = (await loadSamples('rows', 20, data())).map(({ label }) => label);
  expect(new Set(labels)).toEqual(new Set([0, 1]));
  const before = await loadSamples('rows', 40, data());
  await add('again.jsonl', jsonl(sorted.toReversed()), { id: 'again' });
  expect(await loadSamples('again', 40, data())).toEqual(before);
});

test('is listed beside those that ship, with its classes', async () => {
  const added = await add('rows.jsonl', jsonl([...sorted, sorted[0] ?? {}]), {
    labels: ['no', 'yes'],
  });
  expect(added).toMatchObject({ rows: 41, repeated: 1, size: 40 });
  const found = (await listDatasets(data())).find(({ id }) => id === 'rows');
  expect(found).toMatchObject({ kind: 'text', labels: ['no', 'yes'], size: 40, licence: 'CC0' });
});

test('words are classes by their sorted order', async () => {
  const rows = [
    { text: 'a', sentiment: 'pos' },
    { text: 'b', sentiment: 'neg' },
  ];
  expect((await add('rows.jsonl', jsonl(rows))).labels).toEqual(['neg', 'pos']);
});

describe('pairs', () => {
  const rows = [
    { sentence1: 'a', sentence2: 'b', label: 0 },
    { sentence1: 'a', sentence2: 'c', label: 1 },
    { sentence1: 'a', sentence2: 'b', label: 0 },
  ];

  test('have two texts; the same first one twice is no repetition', async () => {
    const added = await add('rows.jsonl', jsonl(rows));
    expect(added).toMatchObject({ pairs: true, size: 2, repeated: 1 });
    const samples = await loadSamples('rows', 2, data());
    expect(samples.map(({ text, second }) => `${text} ${second}`).sort()).toEqual(['a b', 'a c']);
    const found = (await listDatasets(data())).find(({ id }) => id === 'rows');
    expect(found?.pairs).toBe(true);
  });

  test('are single texts where one column is named', async () => {
    const added = await add('rows.jsonl', jsonl(rows), { text: 'sentence2' });
    expect(added).toMatchObject({ size: 2, labels: ['0', '1'] });
    expect(added.pairs).toBeUndefined();
  });

  test('of other columns are named', async () => {
    const other = rows.map(({ sentence1: a, sentence2: b, label }) => ({ a, b, label }));
    const added = await add('rows.jsonl', jsonl(other), { text: 'a', pair: 'b' });
    expect(added).toMatchObject({ pairs: true, size: 2 });
  });
});

test('names of the classes come from the card of the Hub', async () => {
  const names = "      names:\n          '0': negative\n          '1': positive";
  const card = `---\ndataset_info:\n  features:\n  - name: text\n    dtype: string\n  - name: label\n    dtype:\n      class_label:\n  ${names}\n  splits:\n  - name: train\n---\n`;
  await writeFile(join(room, 'README.md'), card);
  expect(await readClassNames(room, 'label')).toEqual(['negative', 'positive']);
  expect(await readClassNames(room, 'other')).toBeUndefined();
});

describe('refused', () => {
  const two = { text: 'b', label: 1 };
  const cases: [string, string, Partial<DatasetOptions>, RegExp][] = [
    [
      'rows.jsonl',
      jsonl([{ text: 'a', label: -1 }, two]),
      {},
      /row 1: label is -1.*validation split/,
    ],
    [
      'rows.jsonl',
      jsonl([{ text: 'a', label: 2 }, two]),
      { labels: ['no', 'yes'] },
      /row 1: label is 2, the classes are 0 to 1 \(no, yes\)/,
    ],
    ['rows.jsonl', jsonl([{ text: 'a', label: 5000 }, two]), {}, /largest label is 5000/],
    [
      'rows.jsonl',
      jsonl([
        { text: 'a', label: 'maybe' },
        { text: 'b', label: 'no' },
      ]),
      { labels: ['no', 'yes'] },
      /row 1: label is "maybe"/,
    ],
    ['rows.jsonl', jsonl([two, { text: 7, label: 0 }]), {}, /row 2: text is 7, not a text/],
    ['rows.jsonl', jsonl([two, { text: ' ', label: 0 }]), {}, /row 2: text is " "/],
    [
      'rows.jsonl',
      jsonl([two, { text: 'c', label: 0 }, { text: 'a' }]),
      {},
      /row 3: label is undefined/,
    ],
    [
      'rows.jsonl',
      jsonl([{ words: 'a', label: 0 }]),
      {},
      /no column text or sentence.*there are words, label.*--text/,
    ],
    ['rows.jsonl', jsonl([{ text: 'a', stars: 0 }]), {}, /no column label.*--label/],
    [
      'rows.jsonl',
      jsonl([{ sentence1: 'a', label: 0 }]),
      { text: 'sentence1', pair: 'sentence2' },
      /no column sentence2.*--pair COLUMN/,
    ],
    [
      'rows.jsonl',
      jsonl([
        { text: 'a', label: 0 },
        { text: 'b', label: 0 },
      ]),
      {},
      /one class only/,
    ],
    ['rows.jsonl', '{"text":', {}, /line 1: not JSON/],
    ['rows.jsonl', '[1]', {}, /line 1: not an object/],
    ['rows.json', '{"text":1}', {}, /no list of rows/],
    ['rows.csv', 'text,label\na,1,2', {}, /row 1: 3 cells, the first line names 2/],
    ['rows.jsonl', '', {}, /no rows/],
    ['rows.parquet', 'PAR1', {}, /rows.parquet: it does not end as parquet files do/],
    ['rows.jsonl.gz', 'x', {}, /rows come from .*Unpack/],
    ['rows.jsonl', jsonl(sorted), { id: 'imdb-heldout' }, /"imdb-heldout" is taken/],
    ['rows.jsonl', jsonl(sorted), { id: 'random' }, /"random" is taken/],
    ['rows.jsonl', jsonl(sorted), { id: '../x' }, /letters, digits/],
  ];
  test.each(cases)('%s: %s', async (name, content, options, message) => {
    await expect(add(name, content, options)).rejects.toThrow(message);
    expect((await listDatasets(data())).map(({ id }) => id)).toEqual([
      'imdb-heldout',
      'fashion-mnist-test',
    ]);
  });

  test('samples that are not those of the card, and counts it has not', async () => {
    const { folder } = await add('rows.jsonl', jsonl(sorted));
    await expect(loadSamples('rows', 41, data())).rejects.toThrow(/ask for 1 to 40/);
    const file = join(folder, 'samples.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('text 1', 'text I'));
    await expect(loadSamples('rows', 2, data())).rejects.toThrow(/SHA-256 .* its card says/);
  });

  test('a name that another added set has', async () => {
    await add('rows.jsonl', jsonl(sorted));
    await expect(add('rows.jsonl', jsonl(sorted))).rejects.toThrow(/"rows" is taken/);
  });
});

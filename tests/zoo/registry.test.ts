import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reviewId, splitReviews } from '../../server/zoo/imdb-reviews.ts';
import { decodeImage } from '../../server/zoo/images/decode-image.ts';
import {
  listDatasets,
  listModels,
  loadImageModel,
  loadModel,
  loadSamples,
} from '../../server/zoo/registry.ts';

const dataFolder = await mkdtemp(join(tmpdir(), 'parley-zoo-'));
afterAll(() => rm(dataFolder, { recursive: true }));

describe('registry', () => {
  it('lists the embedded model with its card', async () => {
    const models = await listModels();
    const entry = models.find(({ id }) => id === 'minilm-2l-imdb');
    expect(entry).toMatchObject({ kind: 'text', licence: 'Apache-2.0', accuracy: { n: 5000 } });
    expect(entry?.accuracy?.value).toBeGreaterThan(0.78);
    const { sha256 } = await loadModel('minilm-2l-imdb');
    expect(sha256).toBe(entry?.weightsSha256);
  });

  it('reads the images that ship: every tenth prefix is balanced', async () => {
    const samples = await loadSamples('fashion-mnist-test', 20, dataFolder);
    expect(samples.map(({ label }) => label)).toEqual([...Array(20).keys()].map((at) => at % 10));
    const [first] = samples;
    const { width, height, rgb } = decodeImage(Buffer.from(first?.image ?? '', 'base64'), 'first');
    expect([width, height]).toEqual([28, 28]);
    // The id is the hash of the pixels, of which PNG lost none.
    const grey = rgb.filter((_, at) => at % 3 === 0);
    const hash = createHash('sha256').update(grey).digest('hex');
    expect(first?.id).toBe(hash.slice(0, 16));
    await expect(loadSamples('fashion-mnist-test', 501, dataFolder)).rejects.toThrow(/1 to 500/);
  });

  it.each([
    ['vit-micro-fmnist', 'softmax'],
    ['vit-micro-fmnist-relu', 'relu'],
    ['vit-micro-fmnist-scale', 'scale'],
  ])('%s: its card, its weights and its heads', async (id, kind) => {
    const entry = (await listModels()).find((model) => model.id === id);
    expect(entry).toMatchObject({ kind: 'image', licence: 'Apache-2.0', accuracy: { n: 10_000 } });
    expect(entry?.accuracy?.value).toBeGreaterThan(0.8);
    const { image, sha256, tensors } = await loadImageModel(id, dataFolder);
    expect(sha256).toBe(entry?.weightsSha256);
    expect(image.labels).toHaveLength(10);
    expect(image.config).toMatchObject({
      architecture: 'vit-lite',
      layers: 3,
      attention: Array.from({ length: 3 }, () => Array.from({ length: 4 }, () => kind)),
    });
    expect(tensors.get('classifier.fc.weight')?.shape).toEqual([10, 64]);
  });

  it('lists the embedded data sets', async () => {
    expect(await listDatasets(dataFolder)).toMatchObject([
      { id: 'imdb-heldout', kind: 'text', labels: ['negative', 'positive'], size: 500 },
      { id: 'fashion-mnist-test', kind: 'image', size: 500, images: { width: 28, height: 28 } },
    ]);
  });

  it('refuses unknown ids, even ones that are paths', async () => {
    await expect(loadModel('gpt-5')).rejects.toThrow(/known: minilm-2l-imdb/);
    await expect(loadModel('../models/minilm-2l-imdb')).rejects.toThrow(/no embedded model/);
    await expect(loadSamples('..', 4, dataFolder)).rejects.toThrow(/no embedded dataset/);
  });
});

describe('samples', () => {
  it.each([2, 4, 16, 200, 500])('are balanced among the first %d', async (count) => {
    const samples = await loadSamples('imdb-heldout', count, dataFolder);
    expect(samples).toHaveLength(count);
    expect(samples.filter(({ label }) => label === 1)).toHaveLength(count / 2);
  });

  it('are the reviews that their ids say, once each', async () => {
    const samples = await loadSamples('imdb-heldout', 500, dataFolder);
    expect(new Set(samples.map(({ id }) => id)).size).toBe(500);
    for (const { id, text } of samples) expect(reviewId(text)).toBe(id);
  });

  it('come from the cache the second time, but not from a cache that lies', async () => {
    const cacheFile = join(dataFolder, 'datasets', 'imdb-heldout.json');
    const [first] = await loadSamples('imdb-heldout', 1, dataFolder);
    const honest = await readFile(cacheFile, 'utf8');
    await writeFile(cacheFile, honest.replace(JSON.stringify(first?.text), '"forged"'));
    expect(await loadSamples('imdb-heldout', 1, dataFolder)).toEqual([first]);
    await writeFile(cacheFile, '{"half":');
    expect(await loadSamples('imdb-heldout', 1, dataFolder)).toEqual([first]);
    expect(await readFile(cacheFile, 'utf8')).toBe(honest);
  });

  it.each([0, -1, 1.5, 501])('refuse a count of %d', async (count) => {
    await expect(loadSamples('imdb-heldout', count, dataFolder)).rejects.toThrow(/1 to 500/);
  });
});

describe('split', () => {
  it('drops duplicates, drops contradictions, and holds out the lowest hashes of each label', () => {
    const negative = ['a', 'B <br />', 'd', 'f', 'c'].map((text) => ({ text, label: 0 as const }));
    const positive = ['b', 'b  ', 'c', 'e', 'g'].map((text) => ({ text, label: 1 as const }));
    const rows = [...negative, ...positive];
    const { heldOut, train, duplicates, contradictory } = splitReviews(rows, 1);
    // "B <br />", "b" and "b  " normalise alike; "b" and "c" come with both labels.
    expect({ duplicates, contradictory }).toEqual({ duplicates: 3, contradictory: 2 });
    expect(heldOut).toHaveLength(2);
    const lowerInTraining = heldOut.flatMap(({ label, hash }) =>
      train.filter((other) => other.label === label && other.hash < hash),
    );
    expect(lowerInTraining).toEqual([]);
    expect([...heldOut, ...train].map(({ text }) => text).sort()).toEqual([
      'a',
      'd',
      'e',
      'f',
      'g',
    ]);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { executeClear } from '../../server/engine/execute.ts';
import { imagePositions } from '../../server/engine/models/config.ts';
import type { Plan } from '../../server/engine/plan.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import {
  fashionDeviation,
  fashionMean,
  imageFeeds,
  loadFashionMnist,
  parseIdx,
  type ImageRows,
} from '../../server/training/images.ts';
import { randomStream } from '../../server/training/random.ts';
import { parseRecipe } from '../../server/training/recipe.ts';
import { binarise, randomAlphas } from '../../server/training/search/binarise.ts';
import { ImageJudge } from '../../server/training/search/image-judge.ts';
import { firstNetwork, networkConfig } from '../../server/training/search/network.ts';
import { priceSearch } from '../../server/training/search/price.ts';
import { writeSearchProducts } from '../../server/training/search/product.ts';
import type { SearchRecipe } from '../../server/training/search/recipe.ts';
import { runSearch } from '../../server/training/search/run-search.ts';
import type { SearchOptions } from '../../server/training/search/search.ts';
import { parseSafetensors } from '../../server/zoo/safetensors.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-search-'));
  folders.push(folder);
  return folder;
};
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const size = 8;

/** Noise with a bright half, left or right: the label. */
function halves(count: number, label: string): ImageRows {
  const random = randomStream(label);
  const labels = Uint8Array.from({ length: count }, () => Number(random() < 0.5));
  const pixels = Uint8Array.from({ length: count * size * size }, (_, at) => {
    const right = at % size >= size / 2;
    const bright = right === (labels[Math.floor(at / size / size)] === 1);
    return Math.floor(80 * random() + (bright ? 120 : 0));
  });
  return { pixels, labels, size };
}

function tinySearch(changes: object = {}): SearchRecipe {
  const phase = { epochs: 2, learningRate: 3e-3 };
  const base = {
    kind: 'attention-search',
    id: 'tiny-search',
    title: 'Tiny',
    data: {
      set: 'fashion-mnist',
      trainRows: 128,
      validationRows: 50,
      testRows: 60,
      shift: 1,
      flip: false,
    },
    network: { layers: 2, hidden: 8, heads: 2, ffn: 16, patchSize: 4 },
    batch: 16,
    teacher: { epochs: 6, learningRate: 1e-2 },
    search: { ...phase, penalty: 1e-2 },
    retrain: phase,
    budgets: [0.5],
    seed: 3,
    evaluateEvery: 8,
  };
  const recipe = parseRecipe({ ...base, ...changes }, 'tiny search');
  if (recipe.kind !== 'attention-search') throw new Error('not a search');
  return recipe;
}

const optionsOf = (changes: Partial<SearchOptions> = {}): SearchOptions => ({
  recipe: tinySearch(),
  images: { train: halves(200, 'train'), test: halves(60, 'test') },
  threads: 1,
  folder: newFolder(),
  resume: false,
  ...changes,
});

test('the network is the one that the engine runs, head by head', async () => {
  const config = networkConfig(tinySearch(), size, [
    ['relu', 'scale'],
    ['softmax', 'softmax'],
  ]);
  const weights = firstNetwork(config, 'x', 1);
  // Larger than at the start of a training, so that a difference would show.
  for (const [name, { data }] of weights) {
    const random = randomStream(name);
    data.forEach((value, index) => (data[index] = value + random() - 0.5));
  }
  const images = halves(4, 'engine');
  const judge = await ImageJudge.open(config, false, 1);
  const logits = await judge.logits(weights, images, 4);
  await judge.close();
  const plan: Plan = {
    variant: 'clear',
    ring: { bits: 64, fractionBits: 18 },
    model: config,
    approximations: { gelu: 'puma', softmax: 'puma' },
    length: imagePositions(config),
  };
  const pixels = Float32Array.from(
    images.pixels,
    (value) => (value / 255 - fashionMean) / fashionDeviation,
  );
  const batches = [{ size: 4, pixels }];
  const [clear] = await executeClear({ plan, kernels: loadKernels(), weights, batches });
  const errors = [...clear!].map((value, index) => Math.abs(value - logits[index]!));
  expect(clear).toHaveLength(40);
  expect(Math.max(...errors)).toBeLessThan(0.05);
  expect(Math.max(...logits.map(Math.abs))).toBeGreaterThan(0.5);
});

describe('heads', () => {
  test.each([
    [0.1, 3],
    [0.3, 9],
    [0.5, 14],
    [0.7, 20],
    [0, 0],
    [1, 28],
  ])('budget %d keeps %d of 28, as in the released code', (budget, kept) => {
    const kinds = binarise(randomAlphas(7, 4, 1), budget);
    expect(kinds.flat().filter((kind) => kind === 'relu')).toHaveLength(kept);
  });

  test('the largest alphas keep their attention', () => {
    const alphas = [
      [0.9, -0.1],
      [0.2, 0.5],
    ];
    expect(binarise(alphas, 0.5)).toEqual([
      ['relu', 'scale'],
      ['scale', 'relu'],
    ]);
    expect(randomAlphas(2, 2, 1)).not.toEqual(randomAlphas(2, 2, 2));
  });
});

describe('search', () => {
  test('learns, resumes where it was ended, and leaves products that can be read', async () => {
    const whole = optionsOf();
    const result = await runSearch(whole);
    expect(result.finished).toBe(true);
    const [teacher, student] = result.networks;
    expect(teacher?.config.attention.flat()).toEqual(Array(4).fill('softmax'));
    expect(teacher?.testAccuracy).toBeGreaterThan(0.85);
    expect(student?.budget).toBe(0.5);
    expect(student?.config.attention.flat().toSorted()).toEqual(['relu', 'relu', 'scale', 'scale']);
    // The penalty draws every alpha down from 1.
    expect(Math.max(...result.alphas.flat())).toBeLessThan(1);

    const controller = new AbortController();
    let points = 0;
    const broken = optionsOf({
      signal: controller.signal,
      // The eighth report is in the middle of the search phase.
      onPoint: () => (points += 1) === 8 && controller.abort(),
    });
    expect(await runSearch(broken)).toMatchObject({ finished: false });
    const resumed = await runSearch(optionsOf({ folder: broken.folder, resume: true }));
    expect(resumed.alphas).toEqual(result.alphas);
    const lastOf = ({ networks }: typeof result) =>
      networks.at(-1)!.weights.get('classifier.fc.weight');
    expect(lastOf(resumed)).toEqual(lastOf(result));

    writeSearchProducts(whole.recipe, result, whole.folder, 'abc', new Date(0));
    const folder = join(whole.folder, 'models', 'budget-0.5');
    const { tensors } = parseSafetensors(
      readFileSync(join(folder, 'model.safetensors')),
      'weights',
    );
    expect([...tensors.keys()]).toEqual([...student!.weights.keys()]);
    const lineage = JSON.parse(readFileSync(join(folder, 'lineage.json'), 'utf8')) as object;
    expect(lineage).toMatchObject({ budget: 0.5, seed: 3, engineCommit: 'abc' });
  });

  test('random heads need no search; a price counts the phases', async () => {
    const recipe = tinySearch({ heads: 'random', budgets: [0, 0.5, 1] });
    const { phases } = await priceSearch(optionsOf({ recipe }));
    expect(phases.map(({ name, steps }) => [name, steps])).toEqual([
      ['teacher', 48],
      ['retraining', 48],
    ]);
  });

  test('rows and patches that the images do not have are refused', async () => {
    const data = { set: 'fashion-mnist', trainRows: 160, validationRows: 50, testRows: 60 };
    await expect(runSearch(optionsOf({ recipe: tinySearch({ data }) }))).rejects.toThrow(
      /160 \+ 50 rows .* there are 200/,
    );
    const network = { layers: 1, hidden: 8, heads: 2, ffn: 8, patchSize: 3 };
    await expect(runSearch(optionsOf({ recipe: tinySearch({ network }) }))).rejects.toThrow(
      /patchSize 3 does not divide/,
    );
    expect(() => tinySearch({ network: { ...network, heads: 3 } })).toThrow(/multiple of heads/);
  });
});

describe('images', () => {
  test('patches are rows of the picture; a shift uncovers black, a flip mirrors', () => {
    const pixels = Uint8Array.from({ length: 16 }, (_, at) => at);
    const images = { pixels, labels: Uint8Array.of(7), size: 4 };
    const back = (values: Float32Array) =>
      [...values].map((value) => Math.round(255 * (value * fashionDeviation + fashionMean)) + 0);
    const { patches, labels } = imageFeeds(images, [0], 2);
    expect(back(patches)).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
    expect(labels).toEqual(BigInt64Array.of(7n));
    const draws = [0.99, 0.5, 0.1];
    const how = { shift: 1, flip: true };
    const moved = imageFeeds(images, [0], 4, { how, random: () => draws.shift()! }).patches;
    // One down, mirrored.
    expect(back(moved)).toEqual([0, 0, 0, 0, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]);
  });

  test('idx files are read; a wrong or a missing one says what to do', () => {
    const folder = newFolder();
    const idx = (axes: readonly number[], data: readonly number[]): Buffer => {
      const words = [0x800 + axes.length, ...axes].flatMap((word) => [0, 0, word >> 8, word & 255]);
      return gzipSync(Uint8Array.from([...words, ...data]));
    };
    for (const name of ['train', 't10k']) {
      writeFileSync(join(folder, `${name}-images-idx3-ubyte.gz`), idx([2, 1, 1], [9, 8]));
      writeFileSync(join(folder, `${name}-labels-idx1-ubyte.gz`), idx([2], [3, 4]));
    }
    const { train } = loadFashionMnist(folder);
    expect({ ...train, pixels: [...train.pixels], labels: [...train.labels] }).toEqual({
      pixels: [9, 8],
      labels: [3, 4],
      size: 1,
    });
    expect(() => loadFashionMnist(join(folder, 'none'))).toThrow(/dataset-fashion-mnist/);
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5), 1, 'f')).toThrow(
      /1 bytes for 2/,
    );
    expect(() => parseIdx(new Uint8Array(8), 1, 'f')).toThrow(/not an idx file/);
  });
});

/**
 * Image classifiers and image sets that were added: in the catalogue, accepted in a spec, the same numbers by
 * the float model, the twin and PyTorch's layout, and a real run through the queue's own functions.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode as encodeJpeg } from 'jpeg-js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeadKindId } from '../../server/api/schemas/spec-ids.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { readCatalog } from '../../server/runs/catalog.ts';
import { choiceIssues } from '../../server/runs/check-choices.ts';
import { computeYardsticks, prepareInputs } from '../../server/runs/coordinator.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import type { OwnerTask } from '../../server/runs/messages.ts';
import { planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { readDetail } from '../../server/runs/views.ts';
import { addDataset, type DatasetOptions } from '../../server/zoo/add-dataset.ts';
import { engineConfigOf } from '../../server/zoo/engine-config.ts';
import { addModel } from '../../server/zoo/add-model.ts';
import { decodeImage } from '../../server/zoo/images/decode-image.ts';
import { toChannels } from '../../server/zoo/images/normalise.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { seededRandom } from '../support/random.ts';
import { smallSpec } from '../support/specs.ts';
import { configs, hubFolder } from '../support/tiny-classifier.ts';

const database = useDatabase();
const before = process.env['PARLEY_DATA'];
let room = '';
const data = () => join(room, 'data');

/** RGBA of a small image, its own for every label of text. */
function pixelsOf(name: string, side: number): Uint8Array {
  const random = seededRandom(name);
  return Uint8Array.from({ length: 4 * side ** 2 }, (_, at) =>
    at % 4 === 3 ? 255 : Math.floor(256 * random()),
  );
}

function png(name: string, side = 4): Uint8Array {
  const image = new PNG({ width: side, height: side });
  image.data.set(pixelsOf(name, side));
  return new Uint8Array(PNG.sync.write(image));
}

/** A table as Hugging Face writes image sets. */
function imageTable(images: readonly (Uint8Array | null)[], labels: readonly number[]): Uint8Array {
  const features = { label: { names: ['cat', 'dog', 'bird'], _type: 'ClassLabel' } };
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'img', repetition_type: 'OPTIONAL', num_children: 2 },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      columnData: [
        { name: 'img', data: images.map((bytes) => ({ bytes, path: null })) },
        { name: 'label', data: labels.map(BigInt) },
      ],
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
    }),
  );
}

async function addImages(
  id: string,
  images: readonly (Uint8Array | null)[],
  options: Partial<DatasetOptions> = {},
) {
  const file = join(room, `${id}.parquet`);
  await writeFile(
    file,
    imageTable(
      images,
      images.map((_, at) => at % 3),
    ),
  );
  const shared = { title: id, licence: 'CC0', origin: `file ${id}.parquet`, most: 100 };
  return addDataset(file, { id, dataFolder: data(), ...shared, ...options });
}

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-images-'));
  process.env['PARLEY_DATA'] = data();
  for (const id of ['vit', 'deit', 'vitLite'] as const) {
    const folder = await hubFolder(join(room, id), {
      config: configs[id],
      files: {
        'preprocessor_config.json': JSON.stringify({
          do_normalize: true,
          image_mean: [0.5, 0.4, 0.3],
          image_std: [0.5, 0.25, 0.2],
        }),
      },
    });
    const origin = { title: `me/${id}`, source: `Hugging Face Hub, me/${id} at 0123456789ab` };
    await addModel(folder, { id: `me--${id}`, dataFolder: data(), origin });
  }
  await addImages(
    'pets',
    Array.from({ length: 5 }, (_, at) => png(`pet ${at}`)),
  );
});
afterAll(async () => {
  if (before === undefined) delete process.env['PARLEY_DATA'];
  else process.env['PARLEY_DATA'] = before;
  await rm(room, { recursive: true });
});

const specOf = (more: Partial<RunSpec> = {}): RunSpec => ({
  ...smallSpec,
  model: 'me--vit',
  dataset: { id: 'pets', samples: 3 },
  sequenceLength: 5,
  approximations: { gelu: 'shaft', softmax: 'exponential' },
  ...more,
});

const liteSpec = specOf({ model: 'me--vitLite' });

async function yardsticksOf(spec: RunSpec) {
  const plan = planOfSpec(spec, await modelConfigOf(spec.model));
  const { dataset, model } = spec;
  const task = { model, dataset, batchSize: 2, plan, dataFolder: data() } as OwnerTask;
  const inputs = await prepareInputs(task);
  expect(inputs.batches.map(({ size }) => size).slice(0, 1)).toEqual([2]);
  return (await computeYardsticks(inputs, plan, loadKernels(), () => undefined)).samples;
}

const deitSpec = specOf({ model: 'me--deit', sequenceLength: 6 });

describe('pixels', () => {
  test('of a PNG are its own, of a JPEG nearly', () => {
    const { width, height, rgb } = decodeImage(png('one'), 'one');
    expect([width, height]).toEqual([4, 4]);
    const own = pixelsOf('one', 4).filter((_, at) => at % 4 !== 3);
    expect([...rgb]).toEqual([...own]);
    const flat = new Uint8Array(4 * 64).fill(120);
    const jpeg = encodeJpeg({ width: 8, height: 8, data: flat }, 95).data;
    const read = decodeImage(new Uint8Array(jpeg), 'jpeg');
    expect([read.width, read.height]).toEqual([8, 8]);
    expect(Math.max(...read.rgb.map((value) => Math.abs(value - 120)))).toBeLessThan(4);
  });

  test('become channels, less the mean and over the deviation', () => {
    const rgb = Uint8Array.of(0, 51, 102, 255, 204, 153);
    const both = { mean: [0.5, 0.2, 0.1], std: [0.5, 0.2, 0.1] };
    const found = toChannels({ width: 2, height: 1, rgb }, both);
    expect([...found].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([-1, 1, 0, 3, 3, 5]);
    const grey = toChannels({ width: 2, height: 1, rgb }, { mean: [0], std: [1] });
    expect(grey).toHaveLength(2);
  });
});

test('model and set stand in the catalogue and fit each other', async () => {
  const { models, datasets } = await readCatalog();
  expect(models.find(({ id }) => id === 'me--vit')).toMatchObject({
    kind: 'image',
    randomWeights: false,
    labels: ['cat', 'dog', 'bird'],
    minLength: 5,
    maxLength: 5,
    datasets: ['pets'],
  });
  expect(datasets.find(({ id }) => id === 'pets')).toMatchObject({ kind: 'image', samples: 5 });
});

test('are accepted in a spec, and held to what they are', async () => {
  expect(await choiceIssues(specOf())).toEqual([]);
  const [length] = await choiceIssues(specOf({ sequenceLength: 8 }));
  expect(length?.message).toMatch(/every image of me--vit is 5 tokens: 4 patches.*Use 5/);
  const texts = { dataset: { id: 'imdb-heldout', samples: 2 } };
  expect(await choiceIssues(specOf(texts))).toMatchObject([{ field: 'dataset.id' }]);
  await addImages(
    'large',
    [0, 1, 2].map((at) => png(`large ${at}`, 6)),
  );
  const [size] = await choiceIssues(specOf({ dataset: { id: 'large', samples: 2 } }));
  expect(size?.message).toMatch(/large has images of 6 by 6, me--vit reads 4 by 4/);
});

test('ViT-Lite: its own heads are in the catalogue, and those of a run may be others', async () => {
  const { models } = await readCatalog();
  const own: HeadKindId[][] = [
    ['softmax', 'relu'],
    ['scale', '2quad'],
  ];
  expect(models.find(({ id }) => id === 'me--vitLite')?.headKinds).toEqual(own);
  expect(await choiceIssues(liteSpec)).toEqual([]);
  const painted: RunSpec = {
    ...liteSpec,
    approximations: {
      ...liteSpec.approximations,
      heads: own.map(() => ['softmax' as const, 'softmax' as const]),
    },
  };
  expect(await choiceIssues(painted)).toEqual([]);
  const [same, other] = [await yardsticksOf(liteSpec), await yardsticksOf(painted)];
  // Plaintext is the model as it was made, whatever was painted.
  expect(other[0]?.plaintextLogits).toEqual(same[0]?.plaintextLogits);
  expect(other[0]?.clearLogits).not.toEqual(same[0]?.clearLogits);
  const config = { ...configs.vitLite, parley: { attention: own.slice(1), quotient: 'inverse' } };
  expect(() => engineConfigOf(config, 'config.json')).toThrow(/parley.attention .*2 lists of 2 of/);
});

test('DeiT has a token more, and says so; one without the distillation head is refused by name', async () => {
  expect(await choiceIssues(deitSpec)).toEqual([]);
  const [length] = await choiceIssues({ ...deitSpec, sequenceLength: 5 });
  expect(length?.message).toMatch(/is 6 tokens: 4 patches, the class token and the distillation/);
  const config = { ...configs.deit, architectures: ['DeiTForImageClassification'] };
  expect(() => engineConfigOf(config, 'config.json')).toThrow(
    /DeiTForImageClassificationWithTeacher/,
  );
});

test.each([
  ['ViT', specOf()],
  ['DeiT', deitSpec],
  ['ViT-Lite', liteSpec],
])('%s: the float model, the approximated and the fixed-point twin agree', async (_, asked) => {
  const spec = { ...asked, dataset: { id: 'pets', samples: 5 } };
  const samples = await yardsticksOf(spec);
  expect(new Set(samples.map(({ plaintextLogits }) => plaintextLogits[0])).size).toBe(5);
  for (const { plaintextLogits, approximatedLogits, clearLogits, excerpt } of samples) {
    expect(excerpt).toMatch(/^image [0-9a-f]{16}, 4 by 4 pixels$/);
    expect(plaintextLogits).toHaveLength(3);
    plaintextLogits.forEach((value, label) => {
      expect(Math.abs(value - (approximatedLogits?.[label] ?? NaN))).toBeLessThan(0.02);
      expect(Math.abs(value - (clearLogits[label] ?? NaN))).toBeLessThan(0.02);
    });
  }
});

test('a real run: parties as processes, secure logits near the clear ones, labels scored', async () => {
  const { id } = await createRun({ db: database.db, queue: rememberingQueue() }, specOf(), 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const run = await readDetail(database.db, id);
  expect(outcome, run.reason ?? '').toBe('done');
  expect(run.prediction?.agrees).toBe(true);
  expect(run.headline?.maxLogitError.protocol).toBeLessThan(0.05);
  expect(run.headline?.accuracy).not.toBeNull();
  expect(run.samples).toHaveLength(3);
});

describe('refused, naming the row', () => {
  const good = png('good');
  const interlaced = Uint8Array.from(good);
  interlaced[28] = 1;
  const huge = Uint8Array.from(good);
  new DataView(huge.buffer).setUint32(16, 100_000);
  test.each([
    ['of another size', [good, png('other', 6)], /others have|an image of/],
    ['no image', [good, new TextEncoder().encode('GIF89a')], /neither PNG nor JPEG/],
    ['cut off', [good, png('cut').slice(0, 50)], /not an image that can be read/],
    ['empty', [good, null], /row 2: img holds no image/],
    ['interlaced', [good, interlaced], /interlaced PNG/],
    ['said to be huge', [good, huge], /an image of 100000 by 4/],
  ])('%s', async (_, images, message) => {
    await expect(addImages('bad', images)).rejects.toThrow(message);
  });

  test('texts where images are asked for, and images where texts are', async () => {
    await expect(addImages('bad', [good, good], { text: 'img' })).rejects.toThrow(
      /column img holds the bytes of a file, not text/,
    );
    await expect(addImages('bad', [good, good], { image: 'label' })).rejects.toThrow(
      /column label holds INT64, not images/,
    );
  });
});

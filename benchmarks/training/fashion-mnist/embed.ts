/**
 * Puts Fashion-MNIST (Xiao et al. 2017, MIT licence) and the networks of a finished search among what ships:
 *
 *   node benchmarks/training/fashion-mnist/embed.ts data
 *   node benchmarks/training/fashion-mnist/embed.ts models FOLDER     of `parley train ... --out FOLDER`
 *
 * The data are 500 images of the official test set, which no training here reads: 50 of each class, in the
 * order of the set, classes in turn, so that every tenth prefix is balanced.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { fashionLabels, imagesBetween, loadFashionMnist } from '../../../server/training/images.ts';
import { addModel } from '../../../server/zoo/add-model.ts';
import { repositoryRoot } from '../../../server/zoo/root.ts';

const embedded = join(repositoryRoot(), 'server', 'zoo', 'embedded');
const perClass = 50;
const datasetId = 'fashion-mnist-test';

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

function pngOf(pixels: Uint8Array, size: number): Buffer {
  const image = new PNG({ width: size, height: size });
  pixels.forEach((value, at) => image.data.set([value, value, value, 255], 4 * at));
  return PNG.sync.write(image, { colorType: 0 });
}

function embedData(): void {
  const { test } = loadFashionMnist(process.env['PARLEY_FASHION_MNIST']);
  const byClass = fashionLabels.map((_, label) =>
    [...test.labels.keys()].filter((at) => test.labels[at] === label).slice(0, perClass),
  );
  const samples = Array.from({ length: perClass * fashionLabels.length }, (_, position) => {
    const label = position % fashionLabels.length;
    const at = byClass[label]?.[Math.floor(position / fashionLabels.length)] ?? 0;
    const { pixels, size } = imagesBetween(test, at, at + 1);
    const image = pngOf(pixels, size).toString('base64');
    return { id: sha256(pixels).slice(0, 16), text: '', image, label };
  });
  const json = JSON.stringify(samples);
  const card = {
    title: 'Fashion-MNIST, test images',
    licence: 'MIT (Zalando)',
    labels: fashionLabels,
    origin: "Debian's dataset-fashion-mnist, t10k-images-idx3-ubyte.gz",
    size: samples.length,
    images: { width: test.size, height: test.size },
    sha256: sha256(json),
  };
  const folder = join(embedded, 'datasets', datasetId);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'samples.json'), json);
  writeFileSync(join(folder, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
  console.log(`${folder}: ${samples.length} images, ${json.length} bytes`);
}

/** Networks of the search by their folder: id, title, and which attention every head has. */
const networks = [
  { from: 'teacher', id: 'vit-micro-fmnist', attention: 'softmax' },
  { from: 'budget-1', id: 'vit-micro-fmnist-relu', attention: 'ReLU-softmax' },
  { from: 'budget-0', id: 'vit-micro-fmnist-scale', attention: 'scaling' },
] as const;

interface Lineage {
  readonly metrics: { readonly testAccuracy: number };
  readonly recipe: { readonly data: { readonly testRows: number } };
}

async function embedModels(search: string): Promise<void> {
  for (const { from, id, attention } of networks) {
    const folder = join(search, 'models', from);
    if (!existsSync(folder)) {
      console.log(`${folder}: not there, left out`);
      continue;
    }
    const dataFolder = mkdtempSync(join(tmpdir(), 'parley-embed-'));
    try {
      const origin = {
        title: `ViT-Lite, 3 layers, Fashion-MNIST, ${attention} attention`,
        source: 'parley train, benchmarks/training/recipes/vit-micro-fmnist-attention.json',
      };
      const made = await addModel(folder, { id, dataFolder, origin });
      const target = join(embedded, 'models', id);
      mkdirSync(target, { recursive: true });
      const lineage = JSON.parse(readFileSync(join(folder, 'lineage.json'), 'utf8')) as Lineage;
      const config = JSON.parse(readFileSync(join(made.folder, 'config.json'), 'utf8')) as {
        parley: { card: Record<string, unknown> };
      };
      config.parley.card['licence'] = 'Apache-2.0';
      config.parley.card['accuracy'] = {
        value: lineage.metrics.testAccuracy,
        n: lineage.recipe.data.testRows,
        source: 'float32 on the F16-rounded weights, official test set, by parley train',
      };
      writeFileSync(join(target, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
      copyFileSync(join(made.folder, 'model.safetensors'), join(target, 'model.safetensors'));
      for (const name of ['lineage.json', 'curve.json']) {
        copyFileSync(join(folder, name), join(target, name));
      }
      console.log(`${target}: ${lineage.metrics.testAccuracy}`);
    } finally {
      rmSync(dataFolder, { recursive: true });
    }
  }
}

const [what, folder] = process.argv.slice(2);
if (what === 'data') embedData();
else if (what === 'models' && folder !== undefined) await embedModels(folder);
else {
  console.error('usage: embed.ts data | models FOLDER');
  process.exitCode = 2;
}

/** Small labelled images: the idx files of MNIST's family, seeded augmentation, patches as rows. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TrainingError } from './errors.ts';

export interface ImageRows {
  /** [count, size, size], 0 to 255; one channel. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly size: number;
}

/** Debian's package `dataset-fashion-mnist` (MIT) puts the files here; another folder may be named. */
const debianFolder = '/usr/share/datasets/fashion-mnist';

/** Classes of Fashion-MNIST, by label. */
export const fashionLabels = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/** Mean and deviation of Fashion-MNIST's training pixels, over 255. */
export const fashionMean = 0.286;
export const fashionDeviation = 0.353;

/** An idx file of unsigned bytes: magic number, sizes (big-endian), bytes. */
export function parseIdx(
  bytes: Uint8Array,
  axes: number,
  source: string,
): { sizes: number[]; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 + 4 * axes;
  if (bytes.length < header || view.getUint32(0) !== 0x800 + axes) {
    throw new TrainingError('data', `${source}: not an idx file of ${axes} axes; fetch it again.`);
  }
  const sizes = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length !== header + count) {
    throw new TrainingError(
      'data',
      `${source}: ${bytes.length - header} bytes for ${sizes.join(' x ')}; it is cut short.`,
    );
  }
  return { sizes, data: bytes.subarray(header) };
}

function readPair(folder: string, name: string): ImageRows {
  const read = (file: string): Uint8Array => gunzipSync(readFileSync(join(folder, file)));
  const images = `${name}-images-idx3-ubyte.gz`;
  const labels = `${name}-labels-idx1-ubyte.gz`;
  const { sizes, data } = parseIdx(read(images), 3, images);
  const own = parseIdx(read(labels), 1, labels);
  const [count = 0, size = 0, width = 0] = sizes;
  if (size !== width || own.data.length !== count) {
    throw new TrainingError(
      'data',
      `${images}: ${sizes.join(' x ')} with ${own.data.length} labels; square images with a label each are needed.`,
    );
  }
  return { pixels: data, labels: own.data, size };
}

/**
 * Fashion-MNIST: 60,000 images to train on and 10,000 to be judged by.
 * @param folder of the four .gz files; by default where Debian installs them
 * @throws TrainingError 'data' telling how to get them
 */
export function loadFashionMnist(folder = debianFolder): { train: ImageRows; test: ImageRows } {
  if (!existsSync(join(folder, 'train-images-idx3-ubyte.gz'))) {
    throw new TrainingError(
      'data',
      `${folder}: no Fashion-MNIST here. Install Debian's dataset-fashion-mnist, or name its folder in PARLEY_FASHION_MNIST.`,
    );
  }
  return { train: readPair(folder, 'train'), test: readPair(folder, 't10k') };
}

export const imagesBetween = (
  { pixels, labels, size }: ImageRows,
  start: number,
  end: number,
): ImageRows => ({
  pixels: pixels.subarray(start * size * size, end * size * size),
  labels: labels.subarray(start, end),
  size,
});

export interface Augmentation {
  /** Images are moved by up to this many pixels each way. */
  readonly shift: number;
  /** Half of them are mirrored left to right. */
  readonly flip: boolean;
}

/**
 * The chosen images as graph inputs: patches [rows, patches, patch * patch], normalised, and labels.
 * What a shift uncovers is black. With an augmentation, `random` decides.
 */
export function imageFeeds(
  images: ImageRows,
  rows: ArrayLike<number>,
  patchSize: number,
  augmentation?: { readonly how: Augmentation; readonly random: () => number },
): { patches: Float32Array; labels: BigInt64Array } {
  const { size, pixels } = images;
  const across = size / patchSize;
  const count = rows.length;
  const patches = new Float32Array(count * size * size);
  const labels = new BigInt64Array(count);
  for (let index = 0; index < count; index += 1) {
    const row = rows[index]!;
    labels[index] = BigInt(images.labels[row]!);
    const { shift, flip } = augmentation?.how ?? { shift: 0, flip: false };
    const draw = augmentation?.random ?? (() => 0.5);
    const moved = (): number => Math.floor(draw() * (2 * shift + 1)) - shift;
    const [down, right] = [moved(), moved()];
    const mirrored = flip && draw() < 0.5;
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const fromY = y - down;
        const fromX = (mirrored ? size - 1 - x : x) - right;
        const inside = fromY >= 0 && fromY < size && fromX >= 0 && fromX < size;
        const value = inside ? pixels[(row * size + fromY) * size + fromX]! / 255 : 0;
        const patch = Math.floor(y / patchSize) * across + Math.floor(x / patchSize);
        const within = (y % patchSize) * patchSize + (x % patchSize);
        patches[(index * across * across + patch) * patchSize * patchSize + within] =
          (value - fashionMean) / fashionDeviation;
      }
    }
  }
  return { patches, labels };
}

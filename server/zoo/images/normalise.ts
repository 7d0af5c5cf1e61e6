/**
 * From pixels to what an image model reads: channel by channel, value / 255 less the mean over the deviation,
 * as the model's preprocessor_config.json has them. Nothing is resized or cut.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isFields, reader, type Fields } from '../config-reader.ts';
import { ZooError } from '../errors.ts';
import type { Pixels } from './decode-image.ts';

/** One number a channel. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Hugging Face's ViTImageProcessor where the file says nothing. */
const half = 0.5;

function numbersOf(value: unknown, channels: number, refuse: () => never): number[] {
  const list: unknown = typeof value === 'number' ? Array(channels).fill(value) : value;
  if (!Array.isArray(list) || list.length !== channels) return refuse();
  const numbers = list.filter((one) => typeof one === 'number' && Number.isFinite(one));
  return numbers.length === channels ? numbers : refuse();
}

/** Of a field `parley.image` or a preprocessor_config.json. */
export function normalisationOf(json: Fields, channels: number, source: string): Normalisation {
  const top = reader(json, source);
  const wanted = `${channels} numbers, one a channel`;
  const numbers = (field: string): number[] =>
    json[field] === undefined
      ? Array<number>(channels).fill(half)
      : numbersOf(json[field], channels, () => top.refuse(field, wanted));
  const plain = json['do_normalize'] === false;
  const [mean, std] = plain
    ? [Array<number>(channels).fill(0), Array<number>(channels).fill(1)]
    : [numbers('image_mean'), numbers('image_std')];
  if (std.some((value) => value <= 0)) top.refuse('image_std', 'positive numbers');
  top.oneOf('do_rescale', [true], true);
  const factor = json['rescale_factor'];
  if (factor !== undefined && (typeof factor !== 'number' || Math.abs(factor * 255 - 1) > 1e-3)) {
    top.refuse('rescale_factor', '1/255');
  }
  return { mean, std };
}

/** The file beside a model's config; without one, what ViTImageProcessor does. */
export function readNormalisation(path: string, channels: number): Normalisation {
  if (!existsSync(path)) return normalisationOf({}, channels, path);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ZooError('corrupt', `${path}: not JSON (${String(cause)}).`, { cause });
  }
  if (isFields(parsed)) return normalisationOf(parsed, channels, path);
  throw new ZooError('corrupt', `${path}: expected a JSON object.`);
}

/** Brightness of one pixel as ITU-R 601 weighs colours, for models of one channel. */
const grey = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

/** [channels, height, width]; one channel or three. */
export function toChannels({ rgb }: Pixels, { mean, std }: Normalisation): Float32Array {
  const channels = mean.length;
  const count = rgb.length / 3;
  const out = new Float32Array(channels * count);
  for (let pixel = 0; pixel < count; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(3 * pixel, 3 * pixel + 3);
    const values = channels === 1 ? [grey(red, green, blue)] : [red, green, blue];
    values.forEach((value, channel) => {
      out[channel * count + pixel] = (value / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    });
  }
  return out;
}

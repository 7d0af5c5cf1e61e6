/**
 * Pixels of a PNG or JPEG out of a data set. Its size is read and judged before anything is unpacked. JPEG
 * leaves its decoders some freedom: values may differ by one or two of 255 from those of other programs.
 */
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { ZooError } from '../errors.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel, row by row, 0 to 255. */
  readonly rgb: Uint8Array;
}

/** Pixels of a side: more than any model here reads. */
const longestSide = 1024;
const largestBytes = 4 * 2 ** 20;
const pngSignature = [137, 80, 78, 71, 13, 10, 26, 10];
const jpegSignature = [255, 216, 255];

const begins = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((value, at) => bytes[at] === value);

function refuse(where: string, what: string): never {
  throw new ZooError('unsupported', `${where}: ${what}`);
}

function requireSides(where: string, width: number, height: number): void {
  if (width >= 1 && height >= 1 && width <= longestSide && height <= longestSide) return;
  refuse(
    where,
    `an image of ${width} by ${height}; sides are 1 to ${longestSide} here. Resize it.`,
  );
}

/** The first chunk of a PNG is its header, at a fixed place. */
function readPng(bytes: Uint8Array, where: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) refuse(where, 'a PNG without a header: cut off.');
  requireSides(where, view.getUint32(16), view.getUint32(20));
  // Its pixels come in seven parts, for which the decoder sets no bound.
  if (bytes[28] !== 0) refuse(where, 'an interlaced PNG. Save it without interlacing.');
  return PNG.sync.read(Buffer.from(bytes));
}

function decoded(bytes: Uint8Array, where: string) {
  if (begins(bytes, pngSignature)) return readPng(bytes, where);
  if (begins(bytes, jpegSignature)) {
    return decodeJpeg(bytes, { useTArray: true, maxResolutionInMP: 1.1, maxMemoryUsageInMB: 64 });
  }
  return refuse(where, 'neither PNG nor JPEG. Convert it.');
}

/**
 * Transparency is left out, greys and palettes become colours.
 * @param where for messages: file and row
 * @throws ZooError for what is neither PNG nor JPEG, too large, interlaced or damaged
 */
export function decodeImage(bytes: Uint8Array, where: string): Pixels {
  if (bytes.length > largestBytes) {
    refuse(where, `${bytes.length} bytes; up to ${largestBytes} are read. Resize it.`);
  }
  let image: { width: number; height: number; data: Uint8Array };
  try {
    image = decoded(bytes, where);
  } catch (cause) {
    if (cause instanceof ZooError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ZooError('corrupt', `${where}: not an image that can be read (${why}).`, { cause });
  }
  const { width, height, data } = image;
  requireSides(where, width, height);
  const rgb = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rgb.set(data.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  }
  return { width, height, rgb };
}

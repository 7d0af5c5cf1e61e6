/**
 * Reads and writes safetensors files (Hugging Face's weight format).
 *
 * Layout: u64 header length (little-endian), JSON header `{name: {dtype, shape, data_offsets}}`, then
 * the bytes. Offsets count from the end of the header. A file may come from a stranger, so nothing in
 * the header is believed: every length is checked against the file, every tensor's bytes against its
 * shape, and no two tensors may share bytes or a name.
 */
import { ZooError } from './errors.ts';
import { halfToNumber, numberToHalf } from './half-precision.ts';

/** One weight tensor, row-major. `data.length` is the product of `shape`. */
export type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array };

export type SafetensorsContent = {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Record<string, string>;
};

const bytesPerElement = { F16: 2, BF16: 2, F32: 4, I64: 8 } as const;
type Dtype = keyof typeof bytesPerElement;

/** The format's own limit; a longer header is an attack, not a model. */
const longestHeaderBytes = 100_000_000;

type Entry = { name: string; dtype: Dtype; shape: number[]; begin: number; end: number };

function decode(view: DataView, dtype: Dtype, count: number): Float32Array {
  const data = new Float32Array(count);
  if (dtype === 'F16') {
    for (let i = 0; i < count; i += 1) data[i] = halfToNumber(view.getUint16(2 * i, true));
  } else if (dtype === 'F32') {
    for (let i = 0; i < count; i += 1) data[i] = view.getFloat32(4 * i, true);
  } else if (dtype === 'BF16') {
    const bits = new Uint32Array(data.buffer);
    for (let i = 0; i < count; i += 1) bits[i] = view.getUint16(2 * i, true) << 16;
  } else {
    for (let i = 0; i < count; i += 1) data[i] = Number(view.getBigInt64(8 * i, true));
  }
  return data;
}

/** JSON.parse keeps the last of two equal keys in silence; this finds a repeated top-level key. */
function findRepeatedName(header: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (const [text] of header.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (text === '{' || text === '[') depth += 1;
    else if (text === '}' || text === ']') depth -= 1;
    else if (depth === 1 && text.endsWith(':')) {
      const key: unknown = JSON.parse(text.slice(0, -1));
      const name = String(key);
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isDtype = (value: unknown): value is Dtype =>
  typeof value === 'string' && Object.hasOwn(bytesPerElement, value);
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

function checkEntry(name: string, entry: unknown, dataBytes: number, file: string): Entry {
  const refuse = (kind: 'corrupt' | 'unsupported', what: string): never => {
    throw new ZooError(kind, `${file}, tensor "${name}": ${what}`);
  };
  if (!isObject(entry))
    return refuse('corrupt', 'its header entry is not an object; download again.');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) {
    const known = Object.keys(bytesPerElement).join(', ');
    return refuse('unsupported', `dtype ${String(dtype)} is not one of ${known}; convert to F16.`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    return refuse('corrupt', `shape ${JSON.stringify(shape)} is not a list of sizes.`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse('corrupt', `data_offsets ${JSON.stringify(offsets)} is not [begin, end].`);
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > dataBytes) {
    return refuse(
      'corrupt',
      `data_offsets [${begin}, ${end}] lie outside the ${dataBytes} data bytes; the file is cut short.`,
    );
  }
  const wanted = shape.reduce((product, size) => product * size, bytesPerElement[dtype]);
  if (end - begin !== wanted) {
    return refuse(
      'corrupt',
      `${end - begin} bytes, but ${dtype} [${shape.join(', ')}] needs ${wanted}.`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function parseHeader(
  bytes: Uint8Array,
  file: string,
): { header: Record<string, unknown>; dataStart: number } {
  const refuse = (what: string): never => {
    throw new ZooError('corrupt', `${file}: ${what} Download it again.`);
  };
  if (bytes.byteLength < 8) return refuse(`${bytes.byteLength} bytes are too few for safetensors.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > BigInt(Math.min(longestHeaderBytes, bytes.byteLength - 8))) {
    return refuse(`the header claims ${headerBytes} bytes, the file has ${bytes.byteLength}.`);
  }
  const dataStart = 8 + Number(headerBytes);
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart));
    header = JSON.parse(text);
  } catch (cause) {
    return refuse(`the header is not JSON (${String(cause)}).`);
  }
  if (!isObject(header)) return refuse('the header is not a JSON object.');
  const repeated = findRepeatedName(text);
  if (repeated !== undefined) return refuse(`tensor "${repeated}" is listed twice.`);
  return { header, dataStart };
}

/**
 * Decodes a whole file; every tensor becomes Float32 (I64 beyond 2^24 loses digits).
 *
 * @param file name for messages
 * @throws ZooError naming file, tensor, value and fix
 */
export function parseSafetensors(bytes: Uint8Array, file: string): SafetensorsContent {
  const { header, dataStart } = parseHeader(bytes, file);
  const dataBytes = bytes.byteLength - dataStart;
  const { __metadata__: rawMetadata = {}, ...rawEntries } = header;
  const metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(isObject(rawMetadata) ? rawMetadata : {})) {
    metadata[key] = String(value);
  }
  const entries = Object.entries(rawEntries).map(([name, entry]) =>
    checkEntry(name, entry, dataBytes, file),
  );
  let previous: Entry | undefined;
  for (const entry of entries
    .filter(({ begin, end }) => end > begin)
    .sort((a, b) => a.begin - b.begin)) {
    if (previous !== undefined && entry.begin < previous.end) {
      throw new ZooError(
        'corrupt',
        `${file}: tensors "${previous.name}" and "${entry.name}" share bytes ` +
          `${entry.begin} to ${Math.min(previous.end, entry.end)}; the file was not written by safetensors.`,
      );
    }
    previous = entry;
  }
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart + begin, end - begin);
    tensors.set(name, { shape, data: decode(view, dtype, (end - begin) / bytesPerElement[dtype]) });
  }
  return { tensors, metadata };
}

/**
 * Encodes tensors as a safetensors file, in the map's order, header padded to 8 bytes.
 * @throws ZooError when a tensor's data does not fill its shape
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  { dtype, metadata = {} }: { dtype: 'F16' | 'F32'; metadata?: Record<string, string> },
): Uint8Array {
  const width = bytesPerElement[dtype];
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== data.length) {
      throw new ZooError(
        'corrupt',
        `tensor "${name}": ${data.length} values do not fill shape [${shape.join(', ')}].`,
      );
    }
    header[name] = { dtype, shape, data_offsets: [offset, offset + count * width] };
    offset += count * width;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + offset).fill(0x20, 8, 8 + headerBytes);
  bytes.set(json, 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  let position = 8 + headerBytes;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      if (dtype === 'F16') view.setUint16(position, numberToHalf(value), true);
      else view.setFloat32(position, value, true);
      position += width;
    }
  }
  return bytes;
}

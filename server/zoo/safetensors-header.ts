/**
 * The header of a safetensors file, checked before a byte of its data is believed: lengths against the
 * file, every tensor's bytes against its shape, and that no two tensors share bytes or a name.
 *
 * Layout: u64 header length (little-endian), JSON header `{name: {dtype, shape, data_offsets}}`, then
 * the bytes. Offsets count from the end of the header.
 */
import { open, stat } from 'node:fs/promises';
import { ZooError } from './errors.ts';

/** Dtypes that weights may have. */
export const bytesPerElement = { F16: 2, BF16: 2, F32: 4, I64: 8 } as const;
export type Dtype = keyof typeof bytesPerElement;

/** Those that a file may hold beside them, in tensors that inference does not read. */
const otherDtypes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  I32: 4,
  U32: 4,
  F64: 8,
  U64: 8,
} as const;
type AnyDtype = Dtype | keyof typeof otherDtypes;

const elementBytes: Readonly<Record<AnyDtype, number>> = { ...bytesPerElement, ...otherDtypes };

/** The format's own limit; a longer header is an attack, not a model. */
const longestHeaderBytes = 100_000_000;

/** One tensor's place: bytes from `begin` to `end`, counted from the end of the header. */
export interface Entry {
  readonly name: string;
  readonly dtype: AnyDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the header's order. */
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** First byte after the header. */
  readonly dataStart: number;
}

const isReadable = (dtype: string): dtype is Dtype => Object.hasOwn(bytesPerElement, dtype);

function unreadable(dtype: unknown, name: string, file: string): ZooError {
  const known = Object.keys(bytesPerElement).join(', ');
  return new ZooError(
    'unsupported',
    `${file}, tensor "${name}": dtype ${String(dtype)} is not one of ${known}; convert to F16.`,
  );
}

/** Throws for a dtype that holds no weights. */
export function requireReadable(dtype: string, name: string, file: string): Dtype {
  if (isReadable(dtype)) return dtype;
  throw unreadable(dtype, name, file);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
const isAnyDtype = (value: unknown): value is AnyDtype =>
  typeof value === 'string' && Object.hasOwn(elementBytes, value);

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

function checkEntry(name: string, entry: unknown, dataBytes: number, file: string): Entry {
  const refuse = (what: string): never => {
    throw new ZooError('corrupt', `${file}, tensor "${name}": ${what}`);
  };
  if (!isObject(entry)) return refuse('its header entry is not an object; download again.');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isAnyDtype(dtype)) throw unreadable(dtype, name, file);
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    return refuse(`shape ${JSON.stringify(shape)} is not a list of sizes.`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse(`data_offsets ${JSON.stringify(offsets)} is not [begin, end].`);
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > dataBytes) {
    return refuse(
      `data_offsets [${begin}, ${end}] lie outside the ${dataBytes} data bytes; the file is cut short.`,
    );
  }
  const wanted = shape.reduce((product, size) => product * size, elementBytes[dtype]);
  if (end - begin !== wanted) {
    return refuse(`${end - begin} bytes, but ${dtype} [${shape.join(', ')}] needs ${wanted}.`);
  }
  return { name, dtype, shape, begin, end };
}

/** What a file is that people take for safetensors. */
function otherFormat(first: Uint8Array): string | null {
  const text = new TextDecoder('latin1').decode(first.subarray(0, 8));
  if (text.startsWith('PK')) {
    return 'it is a zip archive, as PyTorch saves pickles, which can run code when they are read. Convert it: safetensors.torch.save_file.';
  }
  if (text.startsWith('version ')) {
    return 'it is a Git LFS pointer and not the file itself: run "git lfs pull", or download it.';
  }
  return null;
}

function refuseFile(file: string, what: string): never {
  throw new ZooError('corrupt', `${file}: ${what}`);
}

/** @param first at least the file's first 8 bytes, where it has so many */
function headerLength(first: Uint8Array, fileBytes: number, file: string): number {
  if (fileBytes < 8) {
    refuseFile(file, `${fileBytes} bytes are too few for safetensors. Download it again.`);
  }
  const other = otherFormat(first);
  if (other !== null) refuseFile(file, other);
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > BigInt(Math.min(longestHeaderBytes, fileBytes - 8))) {
    refuseFile(
      file,
      `the header claims ${headerBytes} bytes, the file has ${fileBytes}. Download it again.`,
    );
  }
  return Number(headerBytes);
}

function requireApart(entries: readonly Entry[], file: string): void {
  let previous: Entry | undefined;
  const full = entries.filter(({ begin, end }) => end > begin);
  for (const entry of full.sort((a, b) => a.begin - b.begin)) {
    if (previous !== undefined && entry.begin < previous.end) {
      refuseFile(
        file,
        `tensors "${previous.name}" and "${entry.name}" share bytes ` +
          `${entry.begin} to ${Math.min(previous.end, entry.end)}; the file was not written by safetensors.`,
      );
    }
    previous = entry;
  }
}

function parseText(bytes: Uint8Array, fileBytes: number, file: string): Header {
  const dataStart = 8 + bytes.byteLength;
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    return refuseFile(file, `the header is not JSON (${String(cause)}). Download it again.`);
  }
  if (!isObject(header)) {
    return refuseFile(file, 'the header is not a JSON object. Download it again.');
  }
  const repeated = findRepeatedName(text);
  if (repeated !== undefined) {
    return refuseFile(file, `tensor "${repeated}" is listed twice. Download it again.`);
  }
  const { __metadata__: rawMetadata = {}, ...rawEntries } = header;
  const metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(isObject(rawMetadata) ? rawMetadata : {})) {
    metadata[key] = String(value);
  }
  const entries = Object.entries(rawEntries).map(([name, entry]) =>
    checkEntry(name, entry, fileBytes - dataStart, file),
  );
  requireApart(entries, file);
  return { entries, metadata, dataStart };
}

/** The header of a whole file in memory. */
export function parseHeader(bytes: Uint8Array, file: string): Header {
  const length = headerLength(bytes, bytes.byteLength, file);
  return parseText(bytes.subarray(8, 8 + length), bytes.byteLength, file);
}

/** The header of a file on disk; nothing else of it is read. */
export async function readHeader(file: string): Promise<Header> {
  const { size } = await stat(file);
  const handle = await open(file, 'r');
  try {
    const first = Buffer.alloc(8);
    await handle.read(first, 0, 8, 0);
    const length = headerLength(first, size, file);
    const text = Buffer.alloc(length);
    await handle.read(text, 0, length, 8);
    return parseText(text, size, file);
  } finally {
    await handle.close();
  }
}

/**
 * Reads and writes safetensors files (Hugging Face's weight format) as a whole. The layout, and what is
 * checked of a file that may come from a stranger, is in safetensors-header.ts.
 */
import { ZooError } from './errors.ts';
import { halfToNumber, numberToHalf } from './half-precision.ts';
import { bytesPerElement, parseHeader, requireReadable, type Dtype } from './safetensors-header.ts';

/** One weight tensor, row-major. `data.length` is the product of `shape`. */
export type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array };

export type SafetensorsContent = {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
};

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

/**
 * Decodes a whole file; every tensor becomes Float32 (I64 beyond 2^24 loses digits).
 *
 * @param file name for messages
 * @throws ZooError naming file, tensor, value and fix
 */
export function parseSafetensors(bytes: Uint8Array, file: string): SafetensorsContent {
  const { entries, metadata, dataStart } = parseHeader(bytes, file);
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype: stored, shape, begin, end } of entries) {
    const dtype = requireReadable(stored, name, file);
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

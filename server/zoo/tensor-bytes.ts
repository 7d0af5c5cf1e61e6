/**
 * The bytes of stored tensors, piece by piece, so that a model larger than the memory can be checked and
 * copied. Numbers that are none (NaN, infinity) are found on the way.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { ZooError } from './errors.ts';
import { requireReadable, type Dtype } from './safetensors-header.ts';
import type { NamedTensor } from './tensor-names.ts';

const pieceBytes = 8 * 2 ** 20;

/** All bits of the exponent set: infinity or no number. */
const exponents = { F16: 0x7c00, BF16: 0x7f80, F32: 0x7f800000 } as const;

function isFinitePiece(piece: Buffer, dtype: Dtype): boolean {
  if (dtype === 'I64') return true;
  const mask = exponents[dtype];
  const { buffer, byteOffset, byteLength } = piece;
  const bits =
    dtype === 'F32'
      ? new Uint32Array(buffer, byteOffset, byteLength / 4)
      : new Uint16Array(buffer, byteOffset, byteLength / 2);
  for (const word of bits) if ((word & mask) === mask) return false;
  return true;
}

/** Opens each file once. */
export class TensorReader {
  readonly #handles = new Map<string, FileHandle>();

  async #handle(file: string): Promise<FileHandle> {
    const found = this.#handles.get(file) ?? (await open(file, 'r'));
    this.#handles.set(file, found);
    return found;
  }

  /**
   * The tensor's bytes as they are stored; a piece is valid until the next one.
   * @throws ZooError for a dtype that holds no weights, and for a number that is none
   */
  async *pieces({ stored }: NamedTensor, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const { file, name, begin, end, dataStart } = stored;
    const dtype = requireReadable(stored.dtype, name, file);
    const handle = await this.#handle(file);
    const room = Buffer.alloc(Math.min(pieceBytes, end - begin));
    for (let at = begin; at < end;) {
      signal?.throwIfAborted();
      const wanted = Math.min(room.length, end - at);
      const { bytesRead } = await handle.read(room, 0, wanted, dataStart + at);
      if (bytesRead !== wanted) {
        throw new ZooError('corrupt', `${file}, tensor "${name}": the file became shorter.`);
      }
      const piece = room.subarray(0, wanted);
      if (!isFinitePiece(piece, dtype)) {
        throw new ZooError('corrupt', `${file}, tensor "${name}": not all values are finite.`);
      }
      yield piece;
      at += wanted;
    }
  }

  async close(): Promise<void> {
    for (const handle of this.#handles.values()) await handle.close();
    this.#handles.clear();
  }
}

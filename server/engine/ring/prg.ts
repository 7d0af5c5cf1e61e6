/**
 * Pseudo-random generator: AES-128 in counter mode.
 *
 * Two parties that hold the same key and draw the same lengths in the same order get the same
 * bytes: that is how components of shares and masks are agreed on without a message. A stream is
 * consumed once; concurrent branches of a protocol derive a key of their own (`child`), so that
 * the order in which the scheduler resumes them never changes what they draw, and no two of them
 * ever use the same stream.
 *
 * Counter block: byte 0 is the domain (0 = stream, 1 = key derivation), bytes 8-15 the position.
 */
import { EngineError } from '../errors.ts';
import type { Kernels } from './kernels.ts';
import { allocateBytes } from './tensor.ts';

export const blockBytes = 16;

export class Prg {
  readonly #kernels: Kernels;
  readonly #key: Uint8Array;
  #position = 0n;

  /** `key` is 16 bytes and stays private to the holders of this stream. */
  constructor(kernels: Kernels, key: Uint8Array) {
    if (key.length !== blockBytes) {
      throw new EngineError('range', `prg: key of ${key.length} bytes, expected ${blockBytes}`);
    }
    this.#kernels = kernels;
    this.#key = key;
  }

  /** The next `length` bytes of the stream; a started block is never used again. */
  bytes(length: number): Uint8Array {
    const out = allocateBytes(length);
    this.#kernels.aesCtr(this.#key, counterBlock(0, this.#position), out);
    this.#position += BigInt(Math.ceil(length / blockBytes));
    return out;
  }

  /**
   * Fills `out` from block `block` on, wherever the stream stands. A generator is read either so, as
   * often as one likes, or once and in order by `bytes`, never both.
   */
  readAt(block: number, out: Uint8Array): void {
    this.#kernels.aesCtr(this.#key, counterBlock(0, BigInt(block)), out);
  }

  /** A generator for another purpose, independent of this stream and of other labels. */
  child(label: number): Prg {
    const key = allocateBytes(blockBytes);
    this.#kernels.aesCtr(this.#key, counterBlock(1, BigInt(label)), key);
    return new Prg(this.#kernels, key);
  }
}

function counterBlock(domain: number, position: bigint): Uint8Array {
  const block = new Uint8Array(blockBytes);
  block[0] = domain;
  new DataView(block.buffer).setBigUint64(8, position);
  return block;
}

/**
 * Dealt file: corrections that party 0 was sent ahead of time, on disk until a session uses them up.
 *
 * Records one after the other: u32 route, u32 tag, u32 bytes, u32 zero, little-endian, then the bytes.
 * Written once, in the offline phase; read by one session, which takes every record at most once.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { QueuedCorrections, type CorrectionStore } from '../engine/correlations/store.ts';
import { EngineError } from '../engine/errors.ts';
import { allocateBytes } from '../engine/ring/tensor.ts';

const headerBytes = 16;

export interface DealtFile {
  readonly corrections: CorrectionStore;
  close(): void;
}

/** A new file to be filled. Throws the file system's error when it exists (EEXIST). */
export function createDealtFile(path: string): DealtFile {
  const descriptor = openSync(path, 'wx', 0o600);
  let kept = 0;
  return {
    corrections: {
      put(route, bytes, tag) {
        const header = Buffer.alloc(headerBytes);
        header.writeUInt32LE(route, 0);
        header.writeUInt32LE(tag, 4);
        header.writeUInt32LE(bytes.length, 8);
        writeAll(descriptor, header);
        writeAll(descriptor, bytes);
        kept += 1;
      },
      take() {
        throw new EngineError('protocol', 'correlations: this file is still being filled');
      },
      get left() {
        return kept;
      },
    },
    close: () => closeSync(descriptor),
  };
}

/**
 * A filled file, to be used up. Throws `EngineError('protocol')` when it was cut short, the file
 * system's error when it is missing.
 */
export function openDealtFile(path: string): DealtFile {
  const descriptor = openSync(path, 'r');
  const corrections = new QueuedCorrections<number>({
    keep: () => {
      throw new EngineError('protocol', 'correlations: this file is full; deal into a new one');
    },
    fetch: (at) => {
      const length = Buffer.from(readAt(descriptor, at, headerBytes)).readUInt32LE(8);
      return readAt(descriptor, at + headerBytes, length);
    },
  });
  const { size } = fstatSync(descriptor);
  for (let at = 0; at < size;) {
    const header = Buffer.from(readAt(descriptor, at, headerBytes));
    const length = header.readUInt32LE(8);
    if (at + headerBytes + length > size) throw cutShort(size);
    corrections.add(header.readUInt32LE(0), { handle: at, length, tag: header.readUInt32LE(4) });
    at += headerBytes + length;
  }
  return { corrections, close: () => closeSync(descriptor) };
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done);
}

function readAt(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = allocateBytes(length);
  let done = 0;
  while (done < length) {
    const read = readSync(descriptor, bytes, done, length - done, offset + done);
    if (read === 0) throw cutShort(offset + done);
    done += read;
  }
  return bytes;
}

function cutShort(size: number): EngineError {
  return new EngineError(
    'protocol',
    `correlations: the dealt file ends at byte ${size}, too early`,
  );
}

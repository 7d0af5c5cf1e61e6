/**
 * Correction file: where party 0 keeps what the dealer sent until it is used, outside of its memory.
 *
 * One file in the party's own folder, readable by nobody else, made anew for every try of a run: one
 * that is there already is refused, so nothing of a failed try can be used again. A record is marked
 * as taken before it is read, and the file is cut to nothing when every record in it was taken.
 */
import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import {
  QueuedCorrections,
  type CorrectionStore,
  type RecordKeeper,
} from '../engine/correlations/store.ts';
import { EngineError } from '../engine/errors.ts';
import { allocateBytes } from '../engine/ring/tensor.ts';

/** Where a record lies in the file, in bytes. */
export interface FileRecord {
  readonly offset: number;
  readonly length: number;
}

/** Records in a file that is only appended to, until it is empty again. */
export class FileKeeper implements RecordKeeper<FileRecord> {
  readonly #descriptor: number;
  readonly #waiting = new Set<FileRecord>();
  #end = 0;

  /** Throws the file system's error when the file exists (EEXIST) or cannot be made. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'wx+', 0o600);
  }

  /** Throws the file system's error when the disk is full (ENOSPC). */
  keep(bytes: Uint8Array): FileRecord {
    const record = { offset: this.#end, length: bytes.length };
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, record.offset + done);
    }
    this.#end += bytes.length;
    this.#waiting.add(record);
    return record;
  }

  /** Throws `EngineError('protocol')` for a record that was taken before, or that the file lacks. */
  fetch(record: FileRecord): Uint8Array {
    if (!this.#waiting.delete(record)) {
      const fix = 'each is used once, and a retry needs fresh ones';
      throw new EngineError('protocol', `correlations: this record was taken before; ${fix}`);
    }
    const { offset, length } = record;
    const bytes = allocateBytes(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#descriptor, bytes, done, length - done, offset + done);
      if (read === 0) {
        const found = `has ${offset + done} bytes, a record ends at ${offset + length}`;
        throw new EngineError('protocol', `correlations: the file ${found}`);
      }
      done += read;
    }
    if (this.#waiting.size === 0) {
      ftruncateSync(this.#descriptor, 0);
      this.#end = 0;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

export interface CorrectionFile {
  readonly corrections: CorrectionStore;
  /** Closes and deletes the file. Idempotent. */
  readonly remove: () => void;
}

/** Makes the file. Throws the file system's error when it exists already or cannot be made. */
export function openCorrectionFile(path: string): CorrectionFile {
  const keeper = new FileKeeper(path);
  let open = true;
  return {
    corrections: new QueuedCorrections(keeper),
    remove: () => {
      if (!open) return;
      open = false;
      keeper.close();
      rmSync(path, { force: true });
    },
  };
}

/** Files that are either the old one or the new one, whole, whenever the process is killed. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { TrainingError } from './errors.ts';

/**
 * Writes beside the target, flushes to the disk, then renames.
 * @throws TrainingError 'checkpoint' naming file and reason (a full disk, say); the old file stays
 */
export function writeAtomically(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = openSync(draft, 'w');
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (cause) {
    if (existsSync(draft)) rmSync(draft);
    throw new TrainingError(
      'checkpoint',
      `${path}: cannot be written (${cause instanceof Error ? cause.message : String(cause)}). ` +
        `Make room, then resume; the file before it is whole.`,
      { cause },
    );
  }
}

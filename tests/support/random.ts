/** Repeatable random numbers for tests: uniform in [0, 1), from the hash of a label. */
import { createHash } from 'node:crypto';

export function seededRandom(label: string): () => number {
  let counter = 0;
  return () => {
    const digest = createHash('sha256').update(`${label} ${counter++}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
}

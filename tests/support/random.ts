/** Repeatable random numbers for tests: uniform in [0, 1), from the hash of a label. */
import { createCipheriv, createHash } from 'node:crypto';

export function seededRandom(label: string): () => number {
  let counter = 0;
  return () => {
    const digest = createHash('sha256').update(`${label} ${counter++}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
}

/** As many repeatable uniform bytes as wanted, fast: AES-CTR under the hash of a label. */
export function seededBytes(label: string, length: number): Uint8Array {
  const key = createHash('sha256').update(label).digest().subarray(0, 16);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  return Uint8Array.from(cipher.update(Buffer.alloc(length)));
}

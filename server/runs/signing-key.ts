/**
 * The key with which this installation signs link certificates: Ed25519, made at its first use, kept
 * in the data folder and readable by its owner only. The public half lies beside it, to be given away.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const privateName = 'certificate-ed25519.pem';
export const publicKeyName = 'certificate-ed25519.pub.pem';

export interface SigningKey {
  /** PEM, SPKI. */
  readonly publicKey: string;
  /** SHA-256 of the SPKI, hex. */
  readonly keyId: string;
  sign(bytes: Uint8Array): Uint8Array;
}

const keyFolder = (dataFolder: string): string => join(dataFolder, 'keys');

/** Another process may make one at the same time: whoever is first wins, and both use that one. */
function makeKey(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = join(folder, `${privateName}.${process.pid}`);
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    linkSync(draft, join(folder, privateName));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readKey(folder: string): KeyObject | null {
  try {
    return createPrivateKey(readFileSync(join(folder, privateName)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const fix = `remove ${join(folder, privateName)} to have a new one made`;
    throw new Error(`the key that signs certificates cannot be read; ${fix}`, { cause: error });
  }
}

/** @throws Error when the key is there and cannot be read, or cannot be written */
export function loadSigningKey(dataFolder: string): SigningKey {
  const folder = keyFolder(dataFolder);
  if (readKey(folder) === null) makeKey(folder);
  const key = readKey(folder);
  if (key === null) throw new Error(`the key that signs certificates is gone from ${folder}`);
  const spki = createPublicKey(key);
  const publicKey = spki.export({ type: 'spki', format: 'pem' }).toString();
  writeFileSync(join(folder, publicKeyName), publicKey);
  const der = spki.export({ type: 'spki', format: 'der' });
  return {
    publicKey,
    keyId: createHash('sha256').update(der).digest('hex'),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}

/**
 * The secret that signs session cookies: PARLEY_AUTH_SECRET, or one that is made at its first use and
 * kept in the data folder, readable by its owner only. Hosts that share a database must share it.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileName = 'login-secret';
const leastCharacters = 32;

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw new Error(`the secret of logins cannot be read: ${path}`, { cause: error });
  }
}

/** Another process may make one at the same time: whoever is first wins, and both use that one. */
function make(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @throws Error where it is too short, or cannot be read or written */
export function loginSecret(dataFolder: string): string {
  const given = process.env['PARLEY_AUTH_SECRET'] ?? '';
  const folder = join(dataFolder, 'keys');
  const path = join(folder, fileName);
  if (given === '' && read(path) === null) make(folder, path);
  const secret = given === '' ? read(path) : given;
  if (secret === null || secret.length < leastCharacters) {
    const where = given === '' ? path : 'PARLEY_AUTH_SECRET';
    throw new Error(
      `${where} is too short: use ${leastCharacters} random characters or more, as "openssl rand -base64 36" prints them.`,
    );
  }
  return secret;
}

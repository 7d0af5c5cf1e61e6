/**
 * One file of the Hub into the cache. What was fetched before a cancel or a broken line stays in FILE.part,
 * and the next call asks for the rest by range; nothing gets its name before its hash is the Hub's.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ZooError } from '../errors.ts';
import {
  addressOf,
  hubError,
  type HubAccess,
  type HubFile,
  type HubRepository,
} from './hub-repository.ts';

/** Hash of a whole file as the Hub states it; git's begins with the length. */
function hasher({ hash, bytes }: HubFile): { hash: Hash; wanted: string } {
  if ('sha256' in hash) return { hash: createHash('sha256'), wanted: hash.sha256 };
  return { hash: createHash('sha1').update(`blob ${bytes}\0`), wanted: hash.gitSha1 };
}

async function requireHash(path: string, file: HubFile): Promise<void> {
  const { hash, wanted } = hasher(file);
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  const found = hash.digest('hex');
  if (found === wanted) return;
  await rm(path);
  throw new ZooError(
    'corrupt',
    `${file.path}: what arrived hashes to ${found}, the Hub says ${wanted}. It was removed; start again.`,
  );
}

const bytesOf = async (path: string): Promise<number> =>
  existsSync(path) ? (await stat(path)).size : 0;

/**
 * @param onBytes told how many bytes of the file are there, at the start and after each piece
 * @returns whether anything had to be fetched
 */
export async function fetchFile(
  repository: HubRepository,
  file: HubFile,
  target: string,
  access: HubAccess,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  if ((await bytesOf(target)) === file.bytes && existsSync(target)) {
    onBytes(file.bytes);
    return false;
  }
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.part`;
  // More than there should be is of another file.
  if ((await bytesOf(part)) > file.bytes) await rm(part);
  const have = await bytesOf(part);
  onBytes(have);
  if (have < file.bytes) {
    try {
      await appendRest(repository, file, part, have, access, onBytes);
    } catch (error) {
      throw hubError(error, `${repository.id}: ${file.path}`, access);
    }
  } else if (file.bytes === 0) {
    await (await open(part, 'w')).close();
  }
  await requireHash(part, file);
  await rename(part, target);
  return true;
}

async function appendRest(
  repository: HubRepository,
  file: HubFile,
  part: string,
  have: number,
  { hubUrl, token, signal }: HubAccess,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const response = await fetch(addressOf(repository, file.path, hubUrl), {
    headers: {
      ...(have > 0 ? { range: `bytes=${have}-` } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok || response.body === null) {
    throw new ZooError(
      'missing',
      `${repository.id}: ${file.path}: the Hub answers ${response.status}. Try again later.`,
    );
  }
  // 200 to a range is the whole file from its beginning.
  const resumed = response.status === 206;
  const out = await open(part, resumed ? 'a' : 'w');
  let bytes = resumed ? have : 0;
  try {
    for await (const piece of response.body) {
      bytes += piece.byteLength;
      if (bytes > file.bytes) {
        throw new ZooError(
          'corrupt',
          `${file.path}: more than the ${file.bytes} bytes that the Hub lists arrive. Start again.`,
        );
      }
      await out.write(piece);
      onBytes(bytes);
    }
  } finally {
    await out.close();
  }
  if (bytes < file.bytes) {
    throw new Error(`the line broke after ${bytes} of ${file.bytes} bytes`);
  }
}

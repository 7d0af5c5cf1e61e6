/**
 * The files of a repository that Parley reads, in the cache under the data folder: hub/<id>/<commit>/. What is
 * refused is refused before anything large is fetched.
 */
import { statfs } from 'node:fs/promises';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ZooError } from '../errors.ts';
import { readEngineConfig } from '../engine-config.ts';
import { tableEndings, requireTable } from '../table-files.ts';
import { indexName, pickleNames, pickleReason, weightsName } from '../weight-files.ts';
import { fetchFile } from './fetch-file.ts';
import { idOfHub } from './hub-id.ts';
import type { HubAccess, HubFile, HubRepository } from './hub-repository.ts';

export interface FetchProgress {
  readonly path: string;
  readonly doneBytes: number;
  readonly ofBytes: number;
}

export interface Snapshot {
  readonly folder: string;
  /** Files that had to be fetched; the others were there. */
  readonly fetched: number;
}

const small = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'preprocessor_config.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'README.md',
];
/** More than any of these is. */
const mostSmallBytes = 64 * 2 ** 20;

const pathOf = (repository: HubRepository, dataFolder: string): string =>
  join(dataFolder, 'hub', `${repository.kind}--${idOfHub(repository.id)}`, repository.commit);

/** A path of a listing becomes a path here: one that climbs folders is none. */
function requireInside(path: string): void {
  const parts = path.split('/');
  if (parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\'))) {
    return;
  }
  throw new ZooError('corrupt', `the repository lists "${path}", which is no path inside of it.`);
}

async function fetchAll(
  repository: HubRepository,
  files: readonly HubFile[],
  folder: string,
  access: HubAccess,
  onProgress: (progress: FetchProgress) => void,
): Promise<number> {
  const ofBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < ofBytes) {
    throw new ZooError(
      'range',
      `${repository.id}: ${ofBytes} bytes to fetch, ${bavail * bsize} are free under ${folder}. Make room, or move PARLEY_DATA.`,
    );
  }
  let before = 0;
  let fetched = 0;
  for (const file of files) {
    requireInside(file.path);
    const isNew = await fetchFile(repository, file, join(folder, file.path), access, (bytes) =>
      onProgress({ path: file.path, doneBytes: before + bytes, ofBytes }),
    );
    fetched += isNew ? 1 : 0;
    before += file.bytes;
  }
  return fetched;
}

/** Shards that the index names; the index is small and is there already. */
async function shardsOf(folder: string): Promise<string[]> {
  const parsed: unknown = JSON.parse(await readFile(join(folder, indexName), 'utf8'));
  const map =
    typeof parsed === 'object' && parsed !== null && 'weight_map' in parsed
      ? parsed.weight_map
      : {};
  const names = Object.values(map ?? {}).filter((name) => typeof name === 'string');
  return [...new Set(names)];
}

/**
 * Config first: a model that cannot run is refused before its weights are fetched.
 * @throws ZooError naming what is wrong and the fix
 */
export async function fetchModel(
  repository: HubRepository,
  dataFolder: string,
  access: HubAccess,
  onProgress: (progress: FetchProgress) => void,
): Promise<Snapshot> {
  const { id, files } = repository;
  const folder = pathOf(repository, dataFolder);
  const byPath = new Map(files.map((file) => [file.path, file]));
  if (!byPath.has('config.json')) {
    throw new ZooError('missing', `${id}: the repository has no config.json; it holds no model.`);
  }
  if (!byPath.has(weightsName) && !byPath.has(indexName)) {
    const pickle = pickleNames.find((name) => byPath.has(name));
    throw pickle === undefined
      ? new ZooError('missing', `${id}: the repository has no ${weightsName}.`)
      : new ZooError('unsupported', pickleReason(id, pickle));
  }
  const first = [...small, ...(byPath.has(weightsName) ? [] : [indexName])].flatMap(
    (path) => byPath.get(path) ?? [],
  );
  const huge = first.find(({ bytes }) => bytes > mostSmallBytes);
  if (huge !== undefined) {
    throw new ZooError('corrupt', `${id}: ${huge.path} has ${huge.bytes} bytes; it is no text.`);
  }
  let fetched = await fetchAll(repository, first, folder, access, onProgress);
  readEngineConfig(join(folder, 'config.json'));
  const names = byPath.has(weightsName) ? [weightsName] : await shardsOf(folder);
  const weights = names.map((name) => {
    const found = byPath.get(name);
    if (found !== undefined) return found;
    throw new ZooError('missing', `${id}: ${indexName} names ${name}, which is not there.`);
  });
  fetched += await fetchAll(repository, weights, folder, access, onProgress);
  return { folder, fetched };
}

/**
 * One file of a data set, and its card.
 * @param file path in the repository; null where there is one file of the right kind only
 */
export async function fetchDataset(
  repository: HubRepository,
  file: string | null,
  dataFolder: string,
  access: HubAccess,
  onProgress: (progress: FetchProgress) => void,
): Promise<Snapshot & { readonly file: string }> {
  const { id, files } = repository;
  const folder = pathOf(repository, dataFolder);
  const tables = files.filter(({ path }) => tableEndings.some((ending) => path.endsWith(ending)));
  const chosen = file === null ? tables : files.filter(({ path }) => path === file);
  const [only] = chosen;
  if (file !== null) requireTable(file);
  if (only === undefined || chosen.length > 1) {
    const list = tables.map(({ path }) => path).join(', ');
    // The Hub keeps every public set as parquet under a revision of its own.
    const none = `none that can be read. Try ${id}@refs/convert/parquet`;
    throw new ZooError(
      'range',
      `${id}: ${file === null ? 'name one file with --file PATH' : `no file ${file}`}; there are ${list === '' ? none : list}.`,
    );
  }
  const readme = files.filter(({ path }) => path === 'README.md');
  const fetched = await fetchAll(repository, [...readme, only], folder, access, onProgress);
  return { folder, fetched, file: join(folder, only.path) };
}

/**
 * Backup: all rows, by a logical export that any PostgreSQL takes back, and the files that rows speak
 * of, into one folder. It may be made while Parley works: rows are those of one moment, and files are
 * copied as they are and held against the hash that their row has.
 *
 * The manifest is written last: a folder without one is no backup.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Client } from 'pg';
import { packageVersion } from '../runs/environment.ts';
import { KeepError } from './errors.ts';
import { manifestName, type FileEntry, type Manifest, type TableEntry } from './manifest.ts';
import { appliedMigrations, keptTables, quoted, type KeptTable } from './tables.ts';

export interface BackupOptions {
  readonly url: string;
  readonly dataFolder: string;
  /** Must not exist, or be empty. */
  readonly folder: string;
  /** Leaves the key out that signs certificates; a restored copy then makes a new one. */
  readonly withoutKey?: boolean;
  readonly onProgress?: (line: string) => void;
}

export interface BackupReport {
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  /** Files that are gone or are not what their row says, each with the reason. */
  readonly damaged: readonly string[];
}

const rowsAtATime = 1000;

/** What is copied out of the data folder: blobs are listed by their rows, these by what is there. */
const copiedFolders = ['models', 'datasets', 'keys'] as const;

/** @throws KeepError where the folder is not empty; the database's or file system's error */
export async function backup(options: BackupOptions): Promise<BackupReport> {
  const { url, dataFolder, folder, onProgress = () => {} } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) {
    throw new KeepError(`${folder} is not empty: name a folder that does not exist yet.`);
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET TimeZone = 'UTC'");
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await mkdir(join(folder, 'tables'));
    const tables: TableEntry[] = [];
    for (const table of await keptTables(client)) {
      const entry = await writeTable(client, table, folder);
      onProgress(`${table.name}: ${entry.rows} rows`);
      tables.push(entry);
    }
    const { files, damaged } = await copyBlobs(client, dataFolder, folder);
    onProgress(`blobs: ${files.length} files`);
    const migrations = await appliedMigrations(client);
    await client.query('COMMIT');
    for (const name of copiedFolders) {
      if (name === 'keys' && options.withoutKey === true) continue;
      files.push(...(await copyFolder(dataFolder, name, folder)));
    }
    const createdAt = new Date().toISOString();
    const manifest: Manifest = {
      version: 1,
      parley: packageVersion(),
      createdAt,
      migrations,
      tables,
      files,
    };
    await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 1)}\n`);
    return {
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      damaged,
    };
  } finally {
    await client.end();
  }
}

/** One line of JSON a row, in the order of its key, as the database writes it: no number is rounded. */
async function writeTable(client: Client, table: KeptTable, folder: string): Promise<TableEntry> {
  const file = `tables/${table.name}.jsonl.gz`;
  const hash = createHash('sha256');
  let rows = 0;
  async function* lines(): AsyncGenerator<string> {
    const order = table.key.map(quoted).join(', ');
    await client.query(
      `DECLARE kept NO SCROLL CURSOR FOR
       SELECT row_to_json(t)::text AS line FROM ${quoted(table.name)} t ORDER BY ${order}`,
    );
    for (;;) {
      const { rows: some } = await client.query<{ line: string }>(`FETCH ${rowsAtATime} FROM kept`);
      if (some.length === 0) break;
      rows += some.length;
      const text = some.map(({ line }) => `${line}\n`).join('');
      hash.update(text);
      yield text;
    }
    await client.query('CLOSE kept');
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(join(folder, file)));
  return { table: table.name, rows, sha256: hash.digest('hex'), file };
}

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function copyOne(dataFolder: string, path: string, folder: string): Promise<FileEntry> {
  const target = join(folder, 'files', path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await copyFile(join(dataFolder, path), target);
  const { size, mode } = await stat(join(dataFolder, path));
  await chmod(target, mode & 0o777);
  return { path, bytes: size, sha256: await hashOf(target) };
}

async function copyBlobs(
  client: Client,
  dataFolder: string,
  folder: string,
): Promise<{ files: FileEntry[]; damaged: string[] }> {
  const { rows } = await client.query<{ path: string; sha256: string; run: string }>(
    'SELECT path, sha256, run_id AS run FROM "artifacts" ORDER BY path',
  );
  const files: FileEntry[] = [];
  const damaged: string[] = [];
  for (const { path, sha256, run } of rows) {
    try {
      const entry = await copyOne(dataFolder, `blobs/${path}`, folder);
      files.push(entry);
      // A run that is still going on may have written it anew since the rows were read.
      if (entry.sha256 !== sha256) damaged.push(`run ${run}, ${path}: not what its row says`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      damaged.push(`run ${run}, ${path}: gone`);
    }
  }
  return { files, damaged };
}

async function copyFolder(dataFolder: string, name: string, folder: string): Promise<FileEntry[]> {
  const root = join(dataFolder, name);
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dataFolder, join(entry.parentPath, entry.name)))
    .toSorted();
  const files: FileEntry[] = [];
  for (const path of paths) files.push(await copyOne(dataFolder, path, folder));
  return files;
}

/**
 * Restore: a backup back into an installation that has nothing yet. Every file and every table is held
 * against its hash before anything is written, rows go in within one transaction, and the tables are
 * hashed again inside it: either everything is there as it was, or nothing is.
 *
 * A backup of an older schema is loaded into that schema, and the later migrations follow.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { Client } from 'pg';
import { migrate } from '../db/migrate.ts';
import { hashOf } from './backup.ts';
import { KeepError } from './errors.ts';
import { readManifest, type Manifest, type TableEntry } from './manifest.ts';
import { appliedMigrations, keptTables, quoted, type KeptTable } from './tables.ts';

export interface RestoreOptions {
  readonly url: string;
  readonly dataFolder: string;
  readonly folder: string;
  readonly onProgress?: (line: string) => void;
}

export interface RestoreReport {
  readonly rows: number;
  readonly files: number;
  /** Migrations that were applied after the rows were in. */
  readonly migrated: readonly string[];
}

const rowsAtATime = 500;

/** @throws KeepError where the backup is damaged, of a newer Parley, or something is here already */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { url, dataFolder, folder, onProgress = () => {} } = options;
  const manifest = await readManifest(folder);
  await checkFiles(manifest, folder);
  await checkTargets(manifest, dataFolder);
  onProgress(`${manifest.files.length} files are whole`);
  await migrate(url, manifest.migrations.at(-1));
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET TimeZone = 'UTC'");
    const tables = await tablesFor(client, manifest);
    await client.query('BEGIN');
    for (const entry of manifest.tables) {
      const table = tables.get(entry.table);
      if (table === undefined) {
        throw new KeepError(`the backup has a table "${entry.table}" that its schema has not.`);
      }
      await putBack(client, table, entry, folder);
      onProgress(`${entry.table}: ${entry.rows} rows`);
    }
    await copyBack(manifest, folder, dataFolder);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
  return {
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    files: manifest.files.length,
    migrated: await migrate(url),
  };
}

async function checkFiles({ files }: Manifest, folder: string): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    const file = join(folder, 'files', path);
    const found = await stat(file).catch(() => null);
    if (found === null) throw new KeepError(`the backup lacks files/${path}.`);
    if (found.size !== bytes || (await hashOf(file)) !== sha256) {
      throw new KeepError(`files/${path} of the backup is not what it was when it was made.`);
    }
  }
}

/** A key or a student that is here already is nobody's to write over. */
async function checkTargets({ files }: Manifest, dataFolder: string): Promise<void> {
  for (const { path, sha256 } of files) {
    const target = join(dataFolder, path);
    if ((await stat(target).catch(() => null)) === null) continue;
    if ((await hashOf(target)) !== sha256) {
      throw new KeepError(
        `${path} is in the data folder already and differs: restore with PARLEY_DATA naming a new folder.`,
      );
    }
  }
}

/** The tables by name, if the schema is that of the backup and all of them are empty. */
async function tablesFor(
  client: Client,
  { migrations, parley }: Manifest,
): Promise<Map<string, KeptTable>> {
  const applied = await appliedMigrations(client);
  const later = applied.filter((name) => !migrations.includes(name));
  if (later.length > 0) {
    throw new KeepError(
      `the backup was made with Parley ${parley}, before migration ${later[0]}, which this database has already: restore into one that was never used.`,
    );
  }
  const tables = await keptTables(client);
  for (const { name } of tables) {
    const { rows } = await client.query<{ any: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM ${quoted(name)}) AS any`,
    );
    if (rows[0]?.any === true) {
      throw new KeepError(
        `table "${name}" has rows: restore into an installation without any, for example with PARLEY_DATA naming a new folder.`,
      );
    }
  }
  return new Map(tables.map((table) => [table.name, table]));
}

async function putBack(
  client: Client,
  table: KeptTable,
  { rows, sha256, file }: TableEntry,
  folder: string,
): Promise<void> {
  const packed = createReadStream(join(folder, file));
  const text = packed.pipe(createGunzip());
  // An error of the file itself would otherwise never reach the reader of lines.
  packed.on('error', (error) => text.destroy(error));
  const name = quoted(table.name);
  const insert = `INSERT INTO ${name} SELECT * FROM json_populate_recordset(null::${name}, $1::json)`;
  let some: string[] = [];
  const flush = async (): Promise<void> => {
    if (some.length > 0) await client.query(insert, [`[${some.join(',')}]`]);
    some = [];
  };
  for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
    some.push(line);
    if (some.length === rowsAtATime) await flush();
  }
  await flush();
  const found = await hashTable(client, table);
  if (found.rows !== rows || found.sha256 !== sha256) {
    throw new KeepError(
      `${file} of the backup is not what it was when it was made: ${found.rows} rows, ${rows} expected, or other content. Nothing was restored.`,
    );
  }
}

/** The hash that a backup of the table would have. */
export async function hashTable(
  client: Client,
  { name, key }: KeptTable,
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  await client.query(
    `DECLARE checked NO SCROLL CURSOR FOR
     SELECT row_to_json(t)::text AS line FROM ${quoted(name)} t ORDER BY ${key.map(quoted).join(', ')}`,
  );
  for (;;) {
    const { rows: some } = await client.query<{ line: string }>(`FETCH 1000 FROM checked`);
    if (some.length === 0) break;
    rows += some.length;
    for (const { line } of some) hash.update(`${line}\n`);
  }
  await client.query('CLOSE checked');
  return { rows, sha256: hash.digest('hex') };
}

async function copyBack({ files }: Manifest, folder: string, dataFolder: string): Promise<void> {
  for (const { path } of files) {
    const source = join(folder, 'files', path);
    const target = join(dataFolder, path);
    await mkdir(dirname(target), {
      recursive: true,
      mode: path.startsWith('keys/') ? 0o700 : 0o755,
    });
    await copyFile(source, target);
    await chmod(target, (await stat(source)).mode & 0o777);
  }
}

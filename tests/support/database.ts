/**
 * A throw-away database for one test file: its own PostgreSQL without fsync in a temporary data
 * folder, which is the process's data folder until the file's tests are over. About a second. Where
 * PARLEY_TEST_POSTGRES names a server, it is a new database of that one instead.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { createClient, type Connection } from '../../server/db/client.ts';
import { ensureEmbedded, stopEmbedded } from '../../server/db/embedded-postgres.ts';
import { migrate } from '../../server/db/migrate.ts';

export interface TestDatabase extends Connection {
  readonly folder: string;
}

async function createDatabase(server: string): Promise<string> {
  const name = `parley_test_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Registers the hooks; the object is filled before the first test runs. */
export function useDatabase(): TestDatabase {
  const database = { folder: '', url: '' } as {
    -readonly [K in keyof TestDatabase]: TestDatabase[K];
  };
  const before = {
    PARLEY_DATA: process.env['PARLEY_DATA'],
    DATABASE_URL: process.env['DATABASE_URL'],
  };
  beforeAll(async () => {
    database.folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
    process.env['PARLEY_DATA'] = database.folder;
    delete process.env['DATABASE_URL'];
    const server = process.env['PARLEY_TEST_POSTGRES'];
    const url =
      server === undefined
        ? (await ensureEmbedded(database.folder, { volatile: true })).url
        : await createDatabase(server);
    database.url = url;
    await migrate(url);
    database.db = createClient(url);
  });
  afterAll(async () => {
    await database.db?.$disconnect();
    if (database.folder !== '') await stopEmbedded(database.folder);
    await rm(database.folder, { recursive: true, force: true });
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  return database;
}

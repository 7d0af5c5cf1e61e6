/**
 * A throw-away database for one test file: its own PostgreSQL without fsync in a temporary data
 * folder, which is the process's data folder until the file's tests are over. About a second.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createClient, type Connection } from '../../server/db/client.ts';
import { ensureEmbedded, stopEmbedded } from '../../server/db/embedded-postgres.ts';
import { migrate } from '../../server/db/migrate.ts';

export interface TestDatabase extends Connection {
  readonly folder: string;
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
    const { url } = await ensureEmbedded(database.folder, { volatile: true });
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

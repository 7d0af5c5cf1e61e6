import { Client } from 'pg';
import { expect, test } from 'vitest';
import { ensureEmbedded, findEmbedded, stopEmbedded } from '../../server/db/embedded-postgres.ts';
import { migrate } from '../../server/db/migrate.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

test('migrating twice, and twice at once, changes nothing', async () => {
  const before = await query('SELECT migration_name, checksum FROM _prisma_migrations');
  expect(await Promise.all([migrate(database.url), migrate(database.url)])).toEqual([[], []]);
  expect(await query('SELECT migration_name, checksum FROM _prisma_migrations')).toEqual(before);
  expect(before.length).toBeGreaterThan(0);
});

test('an edited migration is refused by name', async () => {
  await query(`UPDATE _prisma_migrations SET checksum = 'edited'`);
  await expect(migrate(database.url)).rejects.toThrow(/0001_init was edited/);
  await query('DELETE FROM _prisma_migrations');
});

test('a migration of a newer version is refused with what to do', async () => {
  await query(`INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name)
    VALUES ('x', 'y', now(), '9999_future')`);
  await expect(migrate(database.url)).rejects.toThrow(/9999_future.*update Parley/);
});

test('the embedded database is found, and comes back on its port after it was stopped', async () => {
  const running = await findEmbedded(database.folder);
  expect(running?.started).toBe(false);
  await stopEmbedded(database.folder);
  expect(await findEmbedded(database.folder)).toBeUndefined();
  const [first, second] = await Promise.all([
    ensureEmbedded(database.folder, { volatile: true }),
    ensureEmbedded(database.folder, { volatile: true }),
  ]);
  expect(first.port).toBe(running?.port);
  expect(second.url).toBe(first.url);
  expect([first.started, second.started].filter(Boolean)).toHaveLength(1);
});

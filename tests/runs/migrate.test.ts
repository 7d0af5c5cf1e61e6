import { Client } from 'pg';
import { expect, test } from 'vitest';
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

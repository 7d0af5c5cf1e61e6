/**
 * Brings a database to the schema of prisma/migrations/, without Prisma's CLI.
 *
 * Every migration runs in a transaction under one advisory lock, so that web, worker and CLI may all
 * start at once. Its record in `_prisma_migrations` is what the CLI would have written: afterwards
 * `prisma migrate status` says "up to date". Statements that cannot run in a transaction (CREATE INDEX
 * CONCURRENTLY) have no place in a migration here.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { repositoryRoot } from '../zoo/root.ts';
import { DatabaseError } from './errors.ts';

/** Prisma's own advisory lock id for migrations. */
const lockId = 72707369;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

async function readMigrations(): Promise<Migration[]> {
  const folder = join(repositoryRoot(), 'prisma', 'migrations');
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

const createTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations"
         (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       VALUES ($1, $2, now(), $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new DatabaseError('schema', `migration ${name} failed: ${String(cause)}`, { cause });
  }
}

/**
 * Applies what is missing and returns the names that it applied; with `upTo` none that comes after it.
 * @throws DatabaseError 'schema' when an applied migration was edited, is unknown here, or fails, and
 *   when `upTo` is none that this version knows
 */
export async function migrate(url: string, upTo?: string): Promise<string[]> {
  const all = await readMigrations();
  if (upTo !== undefined && !all.some(({ name }) => name === upTo)) {
    throw new DatabaseError(
      'schema',
      `migration ${upTo} is not one that this version of Parley knows: update Parley.`,
    );
  }
  const migrations = all.filter(({ name }) => upTo === undefined || name <= upTo);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockId]);
    await client.query(createTable);
    const { rows } = await client.query<{ migration_name: string; checksum: string }>(
      `SELECT migration_name, checksum FROM "_prisma_migrations"
       WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL`,
    );
    const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
    const known = new Set(all.map(({ name }) => name));
    for (const name of applied.keys()) {
      if (!known.has(name)) {
        throw new DatabaseError(
          'schema',
          `the database has migration ${name}, which this version of Parley does not know: update Parley, or choose another data folder with PARLEY_DATA.`,
        );
      }
    }
    const done: string[] = [];
    for (const migration of migrations) {
      const checksum = applied.get(migration.name);
      if (checksum === undefined) {
        await apply(client, migration);
        done.push(migration.name);
      } else if (checksum !== migration.checksum) {
        throw new DatabaseError(
          'schema',
          `migration ${migration.name} was edited after it had been applied; restore the file.`,
        );
      }
    }
    return done;
  } finally {
    // Ending the session releases the lock.
    await client.end();
  }
}

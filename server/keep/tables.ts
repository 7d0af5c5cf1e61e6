/** The tables that are kept, read from the database itself, so that none is forgotten. */
import type { Client } from 'pg';
import { KeepError } from './errors.ts';

/**
 * Of processes that ran then, and of logins: a session's token is as good as a password. The queue, in
 * its own schema, is filled again from the runs.
 */
const notKept = new Set(['workers', '_prisma_migrations', 'login_sessions', 'login_verifications']);

export interface KeptTable {
  readonly name: string;
  /** Columns of the primary key, in its order: rows are kept in that order. */
  readonly key: readonly string[];
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Tables of the schema `public`, those that others refer to first. */
export async function keptTables(client: Client): Promise<KeptTable[]> {
  const { rows: tables } = await client.query<{ name: string; key: string[] }>(`
    SELECT c.relname AS name,
           array_agg(a.attname::text ORDER BY array_position(i.indkey::int[], a.attnum::int)) AS key
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE c.relkind = 'r'
    GROUP BY c.relname
    ORDER BY c.relname`);
  const { rows: links } = await client.query<{ child: string; parent: string }>(`
    SELECT child.relname AS child, parent.relname AS parent
    FROM pg_constraint k
    JOIN pg_class child ON child.oid = k.conrelid
    JOIN pg_class parent ON parent.oid = k.confrelid
    WHERE k.contype = 'f' AND child.oid <> parent.oid`);
  const left = tables.filter(({ name }) => !notKept.has(name));
  const ordered: KeptTable[] = [];
  while (left.length > 0) {
    const free = left.findIndex(
      ({ name }) =>
        !links.some(
          ({ child, parent }) => child === name && left.some((other) => other.name === parent),
        ),
    );
    const [table] = free === -1 ? [] : left.splice(free, 1);
    if (table === undefined) {
      throw new KeepError(
        `tables refer to each other in a circle: ${left.map(({ name }) => name).join(', ')}`,
      );
    }
    ordered.push(table);
  }
  return ordered;
}

/** Names of the applied migrations, in their order. */
export async function appliedMigrations(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM "_prisma_migrations"
     WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY migration_name`,
  );
  return rows.map(({ name }) => name);
}

/**
 * The Prisma client over pg, and which database it talks to: DATABASE_URL, or the embedded one.
 *
 * A process holds one client. It is kept on `globalThis` because Next loads this file more than once.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { dataFolder } from './data-folder.ts';
import { ensureEmbedded } from './embedded-postgres.ts';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrate.ts';

export type Database = PrismaClient;
export type { Prisma } from './generated/client.ts';

export interface Connection {
  readonly db: Database;
  /** Holds the password: never log it, never hand it to a party. */
  readonly url: string;
}

/** PostgreSQL's code for "the database is stopping", which is nobody's fault. */
const adminShutdown = '57P01';

/** A client for this URL; the caller ends it with `$disconnect()`. */
export function createClient(url: string): Database {
  // A restart of the database breaks idle connections; pg replaces them, it only wants to be heard.
  const onError = (error: Error & { code?: string }) => {
    if (error.code !== adminShutdown) console.error(`database: ${error.message}`);
  };
  const adapter = new PrismaPg(
    { connectionString: url, max: 8 },
    { onPoolError: onError, onConnectionError: onError },
  );
  return new PrismaClient({ adapter });
}

/** URL of the database to use, the embedded one being started where DATABASE_URL is not set. */
export async function resolveDatabaseUrl(): Promise<string> {
  const asked = process.env['DATABASE_URL'];
  if (asked !== undefined && asked !== '') return asked;
  return (await ensureEmbedded(dataFolder())).url;
}

const slot = globalThis as typeof globalThis & { parleyConnection?: Promise<Connection> };

/**
 * This process's connection, migrated. A failed attempt is not remembered: the next call tries again.
 * @throws DatabaseError when the database cannot be started, reached or migrated
 */
export function connect(): Promise<Connection> {
  slot.parleyConnection ??= (async () => {
    const url = await resolveDatabaseUrl();
    await migrate(url);
    return { db: createClient(url), url };
  })().catch((error: unknown) => {
    delete slot.parleyConnection;
    throw error;
  });
  return slot.parleyConnection;
}

/** Ends this process's connection, if it has one. */
export async function disconnect(): Promise<void> {
  const connection = slot.parleyConnection;
  delete slot.parleyConnection;
  await (await connection)?.db.$disconnect();
}

/**
 * What a command works with: the database of the data folder, and a worker. Where an app is running
 * both are its own; where none is, the command starts the database and a worker inside itself, and
 * ends them again.
 */
import { connect, disconnect, type Connection } from '../db/client.ts';
import { dataFolder } from '../db/data-folder.ts';
import { findEmbedded, stopEmbedded } from '../db/embedded-postgres.ts';
import { openQueue, type Queue } from '../runs/queue.ts';
import { startWorker } from '../runs/worker.ts';
import { claimApp, findApp, isInUse, releaseApp } from './app-record.ts';
import { generateClient } from './prepare.mjs';

export interface Session {
  readonly connection: Connection;
  /** Address of the running app's pages, null without one. */
  readonly appUrl: string | null;
  queue(): Promise<Queue>;
  /** Makes sure that somebody works on the queue. */
  ensureWorker(log: (line: string) => void): Promise<void>;
  close(): Promise<void>;
}

/** Opens the session; ends with `close`, also after errors. */
export async function openSession(): Promise<Session> {
  await generateClient();
  const folder = dataFolder();
  const external = (process.env['DATABASE_URL'] ?? '') !== '';
  const wasRunning = external || (await findEmbedded(folder)) !== undefined;
  const connection = await connect();
  const app = (await findApp(folder, 'all')) ?? (await findApp(folder, 'web'));
  let queue: Promise<Queue> | undefined;
  let worker: { stop(): Promise<void> } | undefined;
  return {
    connection,
    appUrl: app?.url ?? null,
    queue: () => (queue ??= openQueue(connection.url, 'send')),
    async ensureWorker(log) {
      const working =
        (await findApp(folder, 'all')) ??
        (await findApp(folder, 'worker')) ??
        (await claimApp(folder, 'cli'));
      if (working !== undefined) return;
      worker = await startWorker(connection, { firstRun: false, log });
    },
    async close() {
      await worker?.stop();
      await (await queue)?.close();
      await disconnect();
      if (worker !== undefined) await releaseApp(folder, 'cli');
      if (!external && !wasRunning && !(await isInUse(folder, 'cli'))) await stopEmbedded(folder);
    },
  };
}

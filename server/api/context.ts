/**
 * What a procedure gets. The inner context needs no HTTP, so tests and the CLI call procedures with
 * it; the outer one is this process's connection, opened on the first request.
 */
import { connect, type Connection } from '../db/client.ts';
import { openQueue, type Queue } from '../runs/queue.ts';
import { warmPlanner } from '../runs/warm-planner.ts';

export interface Context {
  readonly connection: Connection;
  readonly queue: Pick<Queue, 'enqueue'>;
}

const slot = globalThis as typeof globalThis & { parleyContext?: Promise<Context> };

/** This process's context. A failed start is not remembered: the next request tries again. */
export function createContext(): Promise<Context> {
  slot.parleyContext ??= (async () => {
    const connection = await connect();
    const queue = await openQueue(connection.url, 'send');
    void warmPlanner(connection.db);
    return { connection, queue };
  })().catch((error: unknown) => {
    delete slot.parleyContext;
    throw error;
  });
  return slot.parleyContext;
}

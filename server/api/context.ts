/**
 * What a procedure gets. The inner context needs no HTTP, so tests and the CLI call procedures with
 * it; the outer one is this process's connection, opened on the first request.
 */
import { identify } from '../accounts/identify.ts';
import type { Principal } from '../accounts/principal.ts';
import { connect, type Connection } from '../db/client.ts';
import type { RunContext } from '../runs/create-run.ts';
import { openQueue, type Queue } from '../runs/queue.ts';
import { warmPlanner } from '../runs/warm-planner.ts';

export interface Context {
  readonly connection: Connection;
  readonly queue: Pick<Queue, 'enqueue'>;
  /** Who asks: null for a stranger; absent where no request came, which admit.ts judges. */
  readonly principal?: Principal | null | undefined;
  /** Who the same request would be of now; absent where no request came. */
  readonly askAgain?: (() => Promise<Principal | null>) | undefined;
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

/** This process's context with whoever sent the request in it. */
export async function contextOf(
  request: Request,
  base: () => Promise<Context> = createContext,
): Promise<Context> {
  const context = await base();
  // The request's own headers may be gone when somebody asks again.
  const headers = new Headers(request.headers);
  const askAgain = () => identify(headers, async () => context.connection.db);
  return { ...context, principal: await askAgain(), askAgain };
}

/** What use cases that queue runs get: the run is its user's. */
export const runContextOf = ({ connection, queue, principal }: Context): RunContext => ({
  db: connection.db,
  queue,
  userId: principal?.userId ?? null,
});

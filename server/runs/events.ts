/**
 * Events of runs: appended with a notification in one transaction, read back in order by number.
 *
 * The worker appends, web processes follow: each holds one LISTEN connection for all its readers. A
 * notification only says "look again"; what is delivered always comes from the table, so a reader
 * that reconnects with the last number it saw misses nothing and sees nothing twice.
 */
import { EventEmitter, on } from 'node:events';
import { Client } from 'pg';
import { endStates, type RunEvent } from '../api/schemas/run-view.ts';
import type { Connection, Database, Prisma } from '../db/client.ts';

type Transaction = Prisma.TransactionClient;

/** PostgreSQL notification channel; the payload is the run's id. */
const channel = 'parley_events';

export type EventBody = Omit<RunEvent, 'seq' | 'at'>;

/** A body with everything unknown, for callers that only have a state and a sentence. */
export const plainEvent = (
  kind: RunEvent['kind'],
  state: RunEvent['state'],
  message: string | null = null,
): EventBody => ({
  kind,
  state,
  message,
  fraction: null,
  etaMs: null,
  inference: null,
  parties: [],
  dealer: null,
});

/** Appends inside a transaction that the caller owns; the run's row is locked until it ends. */
export async function appendEventIn(
  tx: Transaction,
  runId: string,
  body: EventBody,
): Promise<number> {
  // The lock makes numbers gapless: two writers of one run take turns.
  await tx.$executeRaw`SELECT 1 FROM runs WHERE id = ${runId} FOR NO KEY UPDATE`;
  const rows = await tx.$queryRaw<{ seq: number }[]>`
    INSERT INTO events (run_id, seq, kind, body)
    SELECT ${runId}, COALESCE(MAX(seq), 0) + 1, ${body.kind}, ${JSON.stringify(body)}::jsonb
    FROM events WHERE run_id = ${runId}
    RETURNING seq`;
  await tx.$executeRaw`SELECT pg_notify(${channel}, ${runId})`;
  return rows[0]?.seq ?? 0;
}

/** Appends one event and tells every listening process. */
export const appendEvent = (db: Database, runId: string, body: EventBody): Promise<number> =>
  db.$transaction((tx) => appendEventIn(tx, runId, body));

/** The events of a run after number `after`, oldest first, at most `limit`. */
export async function readEvents(
  db: Database,
  runId: string,
  after: number,
  limit = 200,
): Promise<RunEvent[]> {
  const rows = await db.event.findMany({
    where: { runId, seq: { gt: after } },
    orderBy: { seq: 'asc' },
    take: limit,
  });
  return rows.map((row) => ({
    ...(row.body as unknown as EventBody),
    seq: row.seq,
    at: row.at.toISOString(),
  }));
}

/** One LISTEN connection; emits the run's id on every notification, and `reconnected` for all. */
class EventListener extends EventEmitter {
  readonly #url: string;
  #client: Client | undefined;
  #closed = false;

  constructor(url: string) {
    super();
    this.setMaxListeners(0);
    this.#url = url;
  }

  async open(): Promise<void> {
    const client = new Client({ connectionString: this.#url, keepAlive: true });
    client.on('notification', ({ payload }) => this.emit(`run:${payload ?? ''}`));
    client.on('error', () => {});
    client.once('end', () => this.#retry());
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    this.#client = client;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end();
  }

  #retry(): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.open().then(
        () => this.emit('reconnected'),
        () => this.#retry(),
      );
    }, 1000);
    timer.unref();
  }
}

const slot = globalThis as typeof globalThis & {
  parleyListener?: { url: string; listener: Promise<EventListener> };
};

/** This process's listener for that database, opened on first use. */
function listenerFor(url: string): Promise<EventListener> {
  if (slot.parleyListener?.url !== url) {
    const created = new EventListener(url);
    const listener = created.open().then(() => created);
    slot.parleyListener = { url, listener };
    listener.catch(() => delete slot.parleyListener);
  }
  return slot.parleyListener?.listener ?? Promise.reject(new Error('listener was closed'));
}

/** Closes this process's LISTEN connection. */
export async function closeListener(): Promise<void> {
  const open = slot.parleyListener;
  delete slot.parleyListener;
  await (await open?.listener)?.close();
}

/** Looks again at least this often, should a notification ever be lost. */
const lookAgainMs = 5000;

/**
 * Every event of a run after number `after`, as it comes; ends after the event that brings the run
 * to an end state, or when `signal` aborts.
 */
export async function* followEvents(
  connection: Connection,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const listener = await listenerFor(connection.url);
  const waker = new EventEmitter();
  const wake = () => void waker.emit('wake');
  listener.on(`run:${runId}`, wake);
  listener.on('reconnected', wake);
  const timer = setInterval(wake, lookAgainMs);
  // Listening starts before the first look, so nothing falls between the two.
  const wakes = on(waker, 'wake', { signal });
  let last = after;
  try {
    for (;;) {
      const events = await readEvents(connection.db, runId, last);
      for (const event of events) {
        yield event;
        last = event.seq;
        if (event.kind === 'state' && endStates.includes(event.state)) return;
      }
      if (events.length === 0) await wakes.next();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(timer);
    listener.off(`run:${runId}`, wake);
    listener.off('reconnected', wake);
    await wakes.return?.();
  }
}

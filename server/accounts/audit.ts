/** The audit log: what was done or refused, by whom. Rows are only ever added (a trigger sees to it). */
import { randomUUID } from 'node:crypto';
import { auditOutcomes, type AuditOutcome, type AuditRow } from '../api/schemas/accounts.ts';
import type { Database } from '../db/client.ts';
import type { Principal } from './principal.ts';

export interface AuditEvent {
  readonly action: string;
  readonly outcome: AuditOutcome;
  /** Id of what it was done to. */
  readonly object?: string | null;
  /** Never a password, a key or a token. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Who did it; a stranger by what they called themselves, cut to 80 characters. */
export type Actor = Principal | { readonly stranger: string };

const longestObject = 200;

export async function recordAudit(db: Database, actor: Actor, event: AuditEvent): Promise<void> {
  const who =
    'stranger' in actor
      ? { actorId: null, actorName: actor.stranger.slice(0, 80), keyId: null }
      : { actorId: actor.userId, actorName: actor.name, keyId: actor.keyId };
  const { action, outcome, object = null, detail } = event;
  await db.auditEntry.create({
    data: {
      id: randomUUID(),
      ...who,
      action,
      outcome,
      object: object === null ? null : object.slice(0, longestObject),
      ...(detail === undefined ? {} : { detail: { ...detail } }),
    },
  });
}

export interface AuditPage {
  readonly rows: readonly AuditRow[];
  /** Give this to read on; null at the end. */
  readonly nextCursor: string | null;
}

const outcomeOf = (word: string): AuditOutcome =>
  auditOutcomes.find((outcome) => outcome === word) ?? 'failed';

/** Newest first. An unknown cursor begins at the newest. */
export async function readAudit(
  db: Database,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<AuditPage> {
  const found = await db.auditEntry.findMany({
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    ...(cursor === undefined ? {} : { cursor: { id: cursor }, skip: 1 }),
  });
  const rows = found.slice(0, limit).map((row): AuditRow => ({
    id: row.id,
    at: row.at,
    actorId: row.actorId,
    actorName: row.actorName,
    keyId: row.keyId,
    action: row.action,
    object: row.object,
    outcome: outcomeOf(row.outcome),
  }));
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > limit && last !== undefined ? last.id : null };
}

/** The whole log, newest first, a JSON object a line; read in pieces, so of any length. */
export async function* exportAudit(db: Database, pieceRows = 1000): AsyncGenerator<string, void> {
  let cursor: string | undefined;
  while (true) {
    const page: AuditPage = await readAudit(db, { limit: pieceRows, cursor });
    yield page.rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

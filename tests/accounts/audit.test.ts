import { expect, test } from 'vitest';
import { exportAudit, readAudit, recordAudit } from '../../server/accounts/audit.ts';
import { localPrincipal } from '../../server/accounts/principal.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

test('the log is read newest first, a page at a time, and exported whole', async () => {
  const { db } = database;
  for (let at = 0; at < 7; at += 1) {
    await recordAudit(db, localPrincipal, {
      action: `step.${at}`,
      outcome: 'done',
      object: `o${at}`,
    });
  }
  await recordAudit(db, { stranger: 'x'.repeat(200) }, { action: 'login', outcome: 'refused' });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await readAudit(db, { limit: 3, cursor });
    seen.push(...page.rows.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(8);
  const pieces: string[] = [];
  for await (const piece of exportAudit(db, 3)) pieces.push(piece);
  const lines = pieces.join('').trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { id: string; actorName: string });
  expect(rows.map(({ id }) => id)).toEqual(seen);
  expect(rows.some(({ actorName }) => actorName === 'x'.repeat(80))).toBe(true);
});

test.each([
  ['UPDATE', `UPDATE audit_log SET actor_name = 'nobody'`],
  ['UPDATE', `UPDATE audit_log SET outcome = 'done' WHERE false`],
  ['DELETE', 'DELETE FROM audit_log'],
  ['TRUNCATE', 'TRUNCATE audit_log'],
])('the database refuses %s', async (verb, sql) => {
  const before = await database.db.auditEntry.count();
  expect(before).toBeGreaterThan(0);
  await expect(database.db.$executeRawUnsafe(sql)).rejects.toThrow(
    `audit_log is append-only: ${verb} is refused`,
  );
  expect(await database.db.auditEntry.count()).toBe(before);
});

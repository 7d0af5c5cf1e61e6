import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createKey,
  listKeys,
  principalOfKey,
  revokeKey,
} from '../../server/accounts/access-keys.ts';
import { makePerson } from '../support/accounts.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const wanted = { name: 'laptop', scopes: ['run', 'read'] as const, days: 7 };
const asked = () => ({ ...wanted, scopes: [...wanted.scopes] });

test('a key speaks for its owner within its scopes; only its hash is stored', async () => {
  const { db } = database;
  const { userId } = await makePerson(db, 'editor');
  const made = await createKey(db, userId, asked());
  expect(made.key).toMatch(/^parley_[a-z2-9]{10}_[\w-]{43}$/);
  expect(await principalOfKey(db, made.key)).toMatchObject({
    kind: 'key',
    userId,
    role: 'editor',
    scopes: ['read', 'run'],
    keyId: made.id,
  });
  const row = await db.accessKey.findUniqueOrThrow({ where: { id: made.id } });
  expect(row.sha256).toBe(createHash('sha256').update(made.key).digest('hex'));
  expect(JSON.stringify(row)).not.toContain(made.key.slice(-43));
  expect(JSON.stringify(await listKeys(db, userId))).not.toContain(made.key.slice(-43));
});

test('a key that is wrong, old, taken back or of a disabled user opens nothing', async () => {
  const { db } = database;
  const { userId } = await makePerson(db, 'viewer');
  const { key, id } = await createKey(db, userId, asked());
  const last = key.at(-1) === 'A' ? 'B' : 'A';
  for (const other of ['', 'parley_', `${key}x`, `${key.slice(0, -1)}${last}`, key.toUpperCase()]) {
    expect(await principalOfKey(db, other)).toBeNull();
  }
  const later = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000);
  expect(await principalOfKey(db, key, later(6.9))).not.toBeNull();
  expect(await principalOfKey(db, key, later(7.1))).toBeNull();
  await db.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
  expect(await principalOfKey(db, key)).toBeNull();
  await db.user.update({ where: { id: userId }, data: { disabledAt: null } });
  expect(await principalOfKey(db, key)).not.toBeNull();
  await revokeKey(db, userId, id);
  expect(await principalOfKey(db, key)).toBeNull();
  await expect(revokeKey(db, userId, id)).rejects.toMatchObject({ kind: 'notFound' });
});

test("nobody takes back another's key, and who lost every role has lost the key", async () => {
  const { db } = database;
  const [owner, other] = [await makePerson(db, 'runner'), await makePerson(db, 'admin')];
  const { key, id } = await createKey(db, owner.userId, asked());
  await expect(revokeKey(db, other.userId, id)).rejects.toMatchObject({ kind: 'notFound' });
  expect(await principalOfKey(db, key)).not.toBeNull();
  await db.membership.deleteMany({ where: { userId: owner.userId } });
  expect(await principalOfKey(db, key)).toBeNull();
});

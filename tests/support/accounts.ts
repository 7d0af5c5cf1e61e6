/** People for tests, without the library that hashes passwords: they come by access key. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { createKey } from '../../server/accounts/access-keys.ts';
import { mainProject } from '../../server/accounts/membership.ts';
import type { Principal } from '../../server/accounts/principal.ts';
import { permissions, type Permission, type Role } from '../../server/api/schemas/accounts.ts';
import type { Database } from '../../server/db/client.ts';

export interface Person {
  readonly userId: string;
  readonly role: Role;
  /** Of all scopes. */
  readonly key: string;
  /** As from a session. */
  readonly principal: Principal;
}

export async function makePerson(
  db: Database,
  role: Role,
  scopes: readonly Permission[] = permissions,
): Promise<Person> {
  const userId = randomUUID();
  const name = `${role} ${userId.slice(0, 4)}`;
  await db.user.create({
    data: {
      id: userId,
      name,
      email: `${userId}@example.org`,
      memberships: { create: { project: mainProject, role } },
    },
  });
  const { key } = await createKey(db, userId, { name: 'test', scopes: [...scopes], days: null });
  const principal: Principal = { kind: 'session', userId, name, role, scopes: null, keyId: null };
  return { userId, role, key, principal };
}

/** PARLEY_ACCOUNTS=on for the tests of a file. */
export function withAccounts(): void {
  const before = process.env['PARLEY_ACCOUNTS'];
  beforeAll(() => {
    process.env['PARLEY_ACCOUNTS'] = 'on';
  });
  afterAll(() => {
    if (before === undefined) delete process.env['PARLEY_ACCOUNTS'];
    else process.env['PARLEY_ACCOUNTS'] = before;
  });
}

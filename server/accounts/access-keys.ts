/**
 * Access keys for programs: `parley_<id>_<secret>`, sent as `Authorization: Bearer ...`. The secret
 * is 256 random bits and is shown once; what is stored is SHA-256 of the whole key.
 */
import { createHash, randomBytes } from 'node:crypto';
import { permissions, type KeyRow, type NewKey, type Permission } from '../api/schemas/accounts.ts';
import type { Database } from '../db/client.ts';
import { AccountsError } from './errors.ts';
import { mainProject, roleOf } from './membership.ts';
import type { Principal } from './principal.ts';

const dayMs = 24 * 3600 * 1000;
/** The time of last use is written at most once in this time. */
const useStepMs = 60_000;
const mostKeys = 50;

const form = /^parley_([a-z2-9]{10})_[\w-]{43}$/;
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** 10 characters of base32 without look-alikes; names a key, opens nothing. */
function newId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789a';
  return [...randomBytes(10)].map((byte) => alphabet[byte & 31]).join('');
}

/** In the order of the permissions; a word that is none of them counts for nothing. */
const scopesOf = (words: readonly string[]): Permission[] =>
  permissions.filter((permission) => words.includes(permission));

export interface CreatedKey extends KeyRow {
  /** The whole key. It is not stored: this is the one time that anybody sees it. */
  readonly key: string;
}

interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const rowOf = (key: StoredKey): KeyRow => ({
  id: key.id,
  name: key.name,
  scopes: scopesOf(key.scopes),
  createdAt: key.createdAt,
  expiresAt: key.expiresAt,
  lastUsedAt: key.lastUsedAt,
  revokedAt: key.revokedAt,
});

/** @throws AccountsError 'conflict' when the user has too many */
export async function createKey(
  db: Database,
  userId: string,
  { name, scopes, days }: NewKey,
  now = new Date(),
): Promise<CreatedKey> {
  const live = await db.accessKey.count({ where: { userId, revokedAt: null } });
  if (live >= mostKeys) {
    throw new AccountsError('conflict', `there are ${live} keys already: take one back first.`);
  }
  const id = newId();
  const key = `parley_${id}_${randomBytes(32).toString('base64url')}`;
  const stored = await db.accessKey.create({
    data: {
      id,
      userId,
      name,
      scopes: scopesOf(scopes),
      sha256: hashOf(key),
      createdAt: now,
      expiresAt: days === null ? null : new Date(now.getTime() + days * dayMs),
    },
  });
  return { ...rowOf(stored), key };
}

/** Newest first, those that were taken back as well. */
export async function listKeys(db: Database, userId: string): Promise<KeyRow[]> {
  const keys = await db.accessKey.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
  return keys.map(rowOf);
}

/**
 * Takes a key back; from the next request on it opens nothing.
 * @throws AccountsError 'notFound' where this user has no such key, or it was taken back before
 */
export async function revokeKey(
  db: Database,
  userId: string,
  id: string,
  now = new Date(),
): Promise<void> {
  const { count } = await db.accessKey.updateMany({
    where: { id, userId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) throw new AccountsError('notFound', `there is no key ${id} to take back.`);
}

/** Who a key speaks for; null for one that opens nothing, whatever the reason. */
export async function principalOfKey(
  db: Database,
  key: string,
  now = new Date(),
): Promise<Principal | null> {
  if (!form.test(key)) return null;
  const found = await db.accessKey.findUnique({
    where: { sha256: hashOf(key) },
    include: { user: { include: { memberships: { where: { project: mainProject } } } } },
  });
  if (found === null || found.revokedAt !== null || found.user.disabledAt !== null) return null;
  if (found.expiresAt !== null && found.expiresAt <= now) return null;
  const role = roleOf(found.user.memberships);
  if (role === null) return null;
  if (found.lastUsedAt === null || now.getTime() - found.lastUsedAt.getTime() > useStepMs) {
    await db.accessKey.updateMany({ where: { id: found.id }, data: { lastUsedAt: now } });
  }
  return {
    kind: 'key',
    userId: found.userId,
    name: found.user.name,
    role,
    scopes: scopesOf(found.scopes),
    keyId: found.id,
  };
}

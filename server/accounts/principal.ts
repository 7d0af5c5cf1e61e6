/** Who asks, and whether they may. */
import { roleMay, type Permission, type Role } from '../api/schemas/accounts.ts';
import { AccountsError } from './errors.ts';

export interface Principal {
  /** local: the one person of an installation without accounts; guest: somebody without login. */
  readonly kind: 'local' | 'session' | 'key' | 'guest';
  /** Null for `local` only. */
  readonly userId: string | null;
  readonly name: string;
  readonly role: Role;
  /** What a key is limited to; null for all that the role brings. */
  readonly scopes: readonly Permission[] | null;
  readonly keyId: string | null;
}

export const localPrincipal: Principal = {
  kind: 'local',
  userId: null,
  name: 'this machine',
  role: 'admin',
  scopes: null,
  keyId: null,
};

export const mayDo = ({ role, scopes }: Principal, permission: Permission): boolean =>
  roleMay(role, permission) && (scopes === null || scopes.includes(permission));

const sentences: Readonly<Record<Permission, string>> = {
  read: 'read this',
  run: 'queue or end runs',
  edit: 'change this',
  administer: 'administer',
};

/**
 * What a door asks of who comes: a permission, or `self` for anybody who is known, or `public`.
 * A key never opens `self` doors: it could make itself another key with more scopes.
 */
export type Need = Permission | 'self' | 'public';

/** @throws AccountsError 'stranger' without a principal, 'forbidden' with one who may not */
export function requireNeed(principal: Principal | null, need: Need): void {
  if (need === 'public') return;
  if (principal === null) {
    throw new AccountsError('stranger', 'Log in first, or send an access key as a Bearer token.');
  }
  if (principal.kind === 'guest' && (need === 'self' || !mayDo(principal, need))) {
    const what = need === 'self' ? 'have no account' : `may not ${sentences[need]}`;
    throw new AccountsError('stranger', `Guests ${what}: log in.`);
  }
  if (need === 'self') {
    if (principal.kind !== 'key') return;
    throw new AccountsError('forbidden', 'An access key cannot change its own account: log in.');
  }
  if (mayDo(principal, need)) return;
  const lacksScope = roleMay(principal.role, need);
  const why = lacksScope
    ? `the access key has no scope "${need}"`
    : `the role ${principal.role} does not allow it`;
  const fix = lacksScope ? 'Make a key with it on /account.' : 'Ask an administrator.';
  throw new AccountsError(
    'forbidden',
    `${principal.name} may not ${sentences[need]}: ${why}. ${fix}`,
  );
}

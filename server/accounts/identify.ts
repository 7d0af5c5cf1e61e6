/** Who sent a request: the one person of this machine, a session's user, a key's owner, or a guest. */
import type { Database } from '../db/client.ts';
import { principalOfKey } from './access-keys.ts';
import { guestPrincipal, guestRole } from './guests.ts';
import { accountsOn } from './mode.ts';
import { localPrincipal, type Principal } from './principal.ts';

/**
 * A key that opens nothing is not made good by a cookie beside it.
 * @param database opened only where there are accounts
 * @returns null for a stranger, where guests are not let in
 */
export async function identify(
  headers: Headers,
  database: () => Promise<Database>,
): Promise<Principal | null> {
  if (!accountsOn()) return localPrincipal;
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    const key = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    return key === undefined ? null : principalOfKey(await database(), key);
  }
  if (headers.has('cookie')) {
    // Loaded only where somebody logs in: without accounts the library is never read.
    const { principalOfSession } = await import('./login.ts');
    const person = await principalOfSession(await database(), headers);
    if (person !== null) return person;
  }
  return guestRole() === null ? null : guestPrincipal(await database());
}

/** Who sent a request: the one person of this machine, a session's user, or a key's owner. */
import type { Database } from '../db/client.ts';
import { principalOfKey } from './access-keys.ts';
import { accountsOn } from './mode.ts';
import { localPrincipal, type Principal } from './principal.ts';

/**
 * A key that opens nothing is not made good by a cookie beside it.
 * @param database opened only where there are accounts
 * @returns null for a stranger
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
  if (!headers.has('cookie')) return null;
  // Loaded only where somebody logs in: without accounts the library is never read.
  const { principalOfSession } = await import('./login.ts');
  return principalOfSession(await database(), headers);
}

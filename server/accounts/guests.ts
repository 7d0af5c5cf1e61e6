/**
 * Guests: whoever comes without login, where PARLEY_GUESTS lets them read, or make small runs. They are one
 * user together, with quotas of their own, and may be put out like anybody.
 */
import type { Role } from '../api/schemas/accounts.ts';
import type { Database } from '../db/client.ts';
import { AccountsError } from './errors.ts';
import { mainProject } from './membership.ts';
import type { Principal } from './principal.ts';

/** Id of the one user that guests are. */
export const guestId = 'guest';

const roleOfGuests: Readonly<Record<string, Role | null>> = {
  '': null,
  off: null,
  read: 'viewer',
  run: 'runner',
};

/**
 * PARLEY_GUESTS, read at each question so that a test can set it; null where guests are not let in.
 * @throws Error for an unknown word: a typing error must not open the doors
 */
export function guestRole(): Role | null {
  const asked = process.env['PARLEY_GUESTS'] ?? '';
  const role = roleOfGuests[asked];
  if (role === undefined) throw new Error(`PARLEY_GUESTS is "${asked}": use off, read or run.`);
  return role;
}

/** In 30 days, all guests together, until an administrator says otherwise (`parley users quota guest`). */
const quota = {
  cpuSeconds: 20_000,
  sentBytes: BigInt(500e9),
  concurrentRuns: 2,
  storedBytes: BigInt(2e9),
};
/** Of one run of a guest. */
const mostSeconds = 120;
const mostMemoryBytes = 4e9;

const known = new WeakSet<Database>();

async function ensureGuest(db: Database): Promise<void> {
  if (known.has(db)) return;
  await db.user.upsert({
    where: { id: guestId },
    create: {
      id: guestId,
      name: 'Guest',
      // No address of anybody: nobody can log in as it.
      email: 'guest@parley.invalid',
      memberships: { create: { project: mainProject, role: 'viewer' } },
      quota: { create: quota },
    },
    update: {},
  });
  known.add(db);
}

/** Who comes without login; null where guests are not let in, or were put out. */
export async function guestPrincipal(db: Database): Promise<Principal | null> {
  const role = guestRole();
  if (role === null) return null;
  await ensureGuest(db);
  const user = await db.user.findUnique({ where: { id: guestId }, select: { disabledAt: true } });
  if (user === null || user.disabledAt !== null) return null;
  return { kind: 'guest', userId: guestId, name: 'Guest', role, scopes: null, keyId: null };
}

/**
 * A guest's run is small, whatever is left of the quota.
 * @param run what it is expected to take: seconds of wall time, memory of all its roles together
 * @throws AccountsError 'quota' naming what is too much, the limit and the fix
 */
export function requireGuestSize(
  userId: string | null,
  { seconds, memoryBytes }: { readonly seconds: number; readonly memoryBytes: number },
): void {
  if (userId !== guestId) return;
  const fix = 'Take fewer samples or repeats, a shorter text or a smaller model, or log in.';
  if (seconds > mostSeconds) {
    throw new AccountsError(
      'quota',
      `The run is expected to take ${Math.ceil(seconds)} s; a guest's takes ${mostSeconds} s at most. ${fix}`,
    );
  }
  if (memoryBytes > mostMemoryBytes) {
    throw new AccountsError(
      'quota',
      `The run needs about ${(memoryBytes / 1e9).toFixed(1)} GB of memory; a guest's needs ${mostMemoryBytes / 1e9} GB at most. ${fix}`,
    );
  }
}

/** Which role somebody has where. There is one project so far: everything belongs to it. */
import { roles, type Role } from '../api/schemas/accounts.ts';

export const mainProject = 'main';

/** @param memberships of one user, in one project */
export const roleOf = (memberships: readonly { readonly role: string }[]): Role | null =>
  roles.find((role) => role === memberships[0]?.role) ?? null;

/** Who can log in and administer. */
import type { Database, Prisma } from '../db/client.ts';
import { mainProject } from './membership.ts';

export const countAdmins = (db: Database | Prisma.TransactionClient): Promise<number> =>
  db.user.count({
    where: { disabledAt: null, memberships: { some: { project: mainProject, role: 'admin' } } },
  });

/** Who asks, and what is left of their quota: what every page may know. */
import { accountsOn } from '../../../accounts/mode.ts';
import { readQuota } from '../../../accounts/quotas.ts';
import type { Me } from '../../schemas/accounts.ts';
import { procedure } from '../../trpc.ts';

export const me = procedure.query(async ({ ctx }): Promise<Me> => {
  const { principal } = ctx;
  const user =
    principal === null
      ? null
      : { id: principal.userId, name: principal.name, role: principal.role };
  const userId = user?.id ?? null;
  const quota = userId === null ? null : await readQuota(ctx.connection.db, userId);
  return { accounts: accountsOn(), guest: principal?.kind === 'guest', user, quota };
});

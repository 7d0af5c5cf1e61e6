/** A user's own access keys: list, make, take back. A key itself cannot do any of it. */
import { z } from 'zod';
import { createKey, listKeys, revokeKey } from '../../../accounts/access-keys.ts';
import { AccountsError } from '../../../accounts/errors.ts';
import { userIn } from '../../admit.ts';
import { keyIdSchema, newKeySchema, roleMay } from '../../schemas/accounts.ts';
import { procedure } from '../../trpc.ts';

export const keys = procedure.query(({ ctx }) => listKeys(ctx.connection.db, userIn(ctx)));

/** The answer holds the key, this once. */
export const createOwnKey = procedure.input(newKeySchema).mutation(({ ctx, input }) => {
  const userId = userIn(ctx);
  const role = ctx.principal?.role ?? 'viewer';
  const beyond = input.scopes.filter((scope) => !roleMay(role, scope));
  if (beyond.length > 0) {
    throw new AccountsError(
      'invalid',
      `scopes has ${beyond.join(', ')}: a ${role} has no such permission. Leave it out.`,
    );
  }
  return createKey(ctx.connection.db, userId, input);
});

export const revokeOwnKey = procedure
  .input(z.strictObject({ id: keyIdSchema }))
  .mutation(({ ctx, input }) => revokeKey(ctx.connection.db, userIn(ctx), input.id));

/** People, as an administrator sees and changes them. */
import { z } from 'zod';
import { readQuota, setQuota } from '../../../accounts/quotas.ts';
import {
  newUserSchema,
  passwordSchema,
  quotaLimitsSchema,
  roleSchema,
  userIdSchema,
} from '../../schemas/accounts.ts';
import { procedure } from '../../trpc.ts';

const one = z.strictObject({ userId: userIdSchema });

/** Loaded at the first call: it brings the library that hashes passwords. */
const load = () => import('../../../accounts/users.ts');

export const users = procedure.query(async ({ ctx }) =>
  (await load()).listUsers(ctx.connection.db),
);

export const addOne = procedure
  .input(newUserSchema)
  .mutation(async ({ ctx, input }) => (await load()).addUser(ctx.connection.db, input));

export const setRoleOf = procedure
  .input(one.extend({ role: roleSchema }))
  .mutation(async ({ ctx, input }) =>
    (await load()).setRole(ctx.connection.db, input.userId, input.role),
  );

export const setDisabledOf = procedure
  .input(one.extend({ disabled: z.boolean() }))
  .mutation(async ({ ctx, input }) =>
    (await load()).setDisabled(ctx.connection.db, input.userId, input.disabled),
  );

export const setPasswordOf = procedure
  .input(one.extend({ password: passwordSchema }))
  .mutation(async ({ ctx, input }) =>
    (await load()).setPassword(ctx.connection.db, input.userId, input.password),
  );

export const quotaOf = procedure
  .input(one)
  .query(({ ctx, input }) => readQuota(ctx.connection.db, input.userId));

export const setQuotaOf = procedure
  .input(one.extend({ limits: quotaLimitsSchema }))
  .mutation(({ ctx, input }) => setQuota(ctx.connection.db, input.userId, input.limits));

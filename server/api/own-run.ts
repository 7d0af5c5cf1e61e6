/** Whose run it is: runners end their own, editors everybody's. */
import { AccountsError } from '../accounts/errors.ts';
import { mayDo } from '../accounts/principal.ts';
import { principalIn } from './admit.ts';
import type { Context } from './context.ts';

/** @throws AccountsError 'forbidden' where it is somebody else's; an unknown run is left to the use case */
export async function requireOwnRun(context: Context, id: string): Promise<void> {
  const principal = principalIn(context);
  if (principal !== null && mayDo(principal, 'edit')) return;
  const { db } = context.connection;
  const run = await db.run.findUnique({ where: { id }, select: { createdBy: true } });
  if (run === null || (principal !== null && run.createdBy === principal.userId)) return;
  throw new AccountsError('forbidden', `run ${id} is somebody else's: ask them, or an editor.`);
}

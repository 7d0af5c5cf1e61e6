/** Whose run or training it is: runners end their own, editors everybody's. */
import { AccountsError } from '../accounts/errors.ts';
import { mayDo } from '../accounts/principal.ts';
import { principalIn } from './admit.ts';
import type { Context } from './context.ts';
import type { RunPriority } from './schemas/run-view.ts';

/** Before everybody else's: who has the say over all runs. @throws AccountsError 'forbidden' */
export function requireMayRaise(context: Context, priority: RunPriority): void {
  const principal = principalIn(context);
  if (priority !== 'high' || (principal !== null && mayDo(principal, 'edit'))) return;
  throw new AccountsError(
    'forbidden',
    'priority is "high": that is for editors. Use normal or low, or ask an editor.',
  );
}

type Owned = { readonly createdBy: string | null } | null;

async function requireOwn(
  context: Context,
  what: string,
  find: () => Promise<Owned>,
): Promise<void> {
  const principal = principalIn(context);
  if (principal !== null && mayDo(principal, 'edit')) return;
  const found = await find();
  if (found === null || (principal !== null && found.createdBy === principal.userId)) return;
  throw new AccountsError('forbidden', `${what} is somebody else's: ask them, or an editor.`);
}

/** @throws AccountsError 'forbidden' where it is somebody else's; an unknown run is left to the use case */
export function requireOwnRun(context: Context, id: string): Promise<void> {
  const { db } = context.connection;
  return requireOwn(context, `run ${id}`, () =>
    db.run.findUnique({ where: { id }, select: { createdBy: true } }),
  );
}

/** @throws AccountsError 'forbidden' where it is somebody else's; an unknown one is left to the use case */
export function requireOwnTraining(context: Context, id: string): Promise<void> {
  const { db } = context.connection;
  return requireOwn(context, `training ${id}`, () =>
    db.training.findUnique({ where: { id }, select: { createdBy: true } }),
  );
}

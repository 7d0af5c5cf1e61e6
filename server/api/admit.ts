/**
 * The one place where a request is let in: who asks, whether the rule of the door allows it, whether a
 * quota is left, and the line in the audit log for whatever changes something.
 */
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { Attempts } from '../accounts/attempts.ts';
import { recordAudit } from '../accounts/audit.ts';
import { AccountsError } from '../accounts/errors.ts';
import { identify } from '../accounts/identify.ts';
import { accountsOn } from '../accounts/mode.ts';
import { localPrincipal, requireNeed, type Need, type Principal } from '../accounts/principal.ts';
import { requireQuota } from '../accounts/quotas.ts';
import type { Database } from '../db/client.ts';
import type { Context } from './context.ts';
import { toApiError } from './errors.ts';
import { refusalOf } from './refusal.ts';

/** Who asks. A context that names nobody is this machine's only where there are no accounts. */
export function principalIn({ principal }: Context): Principal | null {
  if (principal !== undefined) return principal;
  return accountsOn() ? null : localPrincipal;
}

/** The user of a context. @throws AccountsError 'invalid' where there are no accounts */
export function userIn(context: Context): string {
  const userId = principalIn(context)?.userId ?? null;
  if (userId !== null) return userId;
  throw new AccountsError(
    'invalid',
    'Parley runs without accounts here: start it with PARLEY_ACCOUNTS=on.',
  );
}

/** The id of what a request is about, for the log; never anything else of it. */
export function objectIn(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  for (const name of ['id', 'slug', 'runId', 'userId', 'name']) {
    const value = (input as Record<string, unknown>)[name];
    if (typeof value === 'string') return value;
  }
  return null;
}

export interface Step {
  readonly action: string;
  /** Null where nobody wrote a rule: then it is refused. */
  readonly need: Need | null;
  /** Whether it changes something: then it is logged. */
  readonly changes: boolean;
  readonly spends: boolean;
  readonly object: string | null;
}

function requireRule(principal: Principal | null, { action, need }: Step): void {
  // Without accounts there is nobody to keep out.
  if (need === null && accountsOn()) {
    throw new AccountsError('forbidden', `${action} has no rule who may use it, so nobody may.`);
  }
  requireNeed(principal, need ?? 'public');
}

const minuteMs = 60_000;
/** Of one user in this process: far above what hands do, far below what fills a disk. */
const changesAMinute = new Attempts(240, minuteMs);

/** @throws AccountsError 'tooMany' naming the wait */
function requirePace(principal: Principal | null): void {
  const name = principal?.userId ?? null;
  const waitMs = name === null ? 0 : changesAMinute.take(name, performance.now());
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new AccountsError('tooMany', `Too many changes in a minute: go on in ${seconds} s.`);
}

/**
 * Lets `body` happen where the rule allows it, and writes down how it ended.
 * @param failed tells from what `body` gave back whether it did not work; a throw is a failure as well
 * @throws AccountsError 'stranger', 'forbidden', 'tooMany' or 'quota'
 */
export async function admitted<T>(
  context: Context,
  step: Step,
  body: () => Promise<T>,
  failed: (result: T) => boolean = () => false,
): Promise<T> {
  const principal = principalIn(context);
  const { db } = context.connection;
  const isLogged = accountsOn() && step.changes && principal !== null;
  const log = async (outcome: 'done' | 'refused' | 'failed'): Promise<void> => {
    if (!isLogged) return;
    await recordAudit(db, principal, { action: step.action, outcome, object: step.object });
  };
  try {
    requireRule(principal, step);
    if (step.changes) requirePace(principal);
    if (step.spends) await requireQuota(db, principal?.userId ?? null);
  } catch (error) {
    await log('refused');
    throw error;
  }
  let result: T;
  try {
    result = await body();
  } catch (error) {
    await log('failed');
    throw error;
  }
  await log(failed(result) ? 'failed' : 'done');
  return result;
}

/** Why a request for a file or a picture is not answered; undefined where it may be. */
export async function refusalAt(
  request: Request,
  need: Need,
  database: () => Promise<Database>,
): Promise<Response | undefined> {
  const refusal = refusalOf(request);
  if (refusal !== undefined || need === 'public') return refusal;
  try {
    requireNeed(await identify(request.headers, database), need);
    return undefined;
  } catch (error) {
    const failure = toApiError(error);
    return Response.json(
      { message: failure.message },
      { status: getHTTPStatusCodeFromError(failure), headers: { 'Cache-Control': 'no-store' } },
    );
  }
}

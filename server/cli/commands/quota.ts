/** `parley users quota`: what somebody may use up, and has. */
import { recordAudit } from '../../accounts/audit.ts';
import { AccountsError } from '../../accounts/errors.ts';
import { readQuota, setQuota } from '../../accounts/quotas.ts';
import { findUser } from '../../accounts/users.ts';
import { quotaLimitsSchema, type QuotaLimits } from '../../api/schemas/accounts.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTable } from '../format.ts';
import { openSession } from '../session.ts';

export interface QuotaOptions {
  readonly cpuSeconds?: string;
  readonly sentBytes?: string;
  readonly concurrentRuns?: string;
  readonly storedBytes?: string;
  readonly json?: boolean;
}

const options = [
  ['cpuSeconds', '--cpu-seconds', 'CPU seconds'],
  ['sentBytes', '--sent-bytes', 'bytes sent'],
  ['concurrentRuns', '--concurrent-runs', 'runs at a time'],
  ['storedBytes', '--stored-bytes', 'bytes of stored files'],
] as const;

/**
 * The limits with those that were given in their places; null where none was given.
 * @throws AccountsError 'invalid' naming option, value and fix
 */
export function changedLimits(before: QuotaLimits, given: QuotaOptions): QuotaLimits | null {
  const after = { ...before };
  for (const [kind, option] of options) {
    const text = given[kind];
    if (text === undefined) continue;
    const value = text === 'none' ? null : Number(text);
    const known = quotaLimitsSchema.shape[kind].safeParse(value);
    if (text.trim() === '' || !known.success) {
      throw new AccountsError('invalid', `${option} is "${text}": give a number from 0, or none.`);
    }
    after[kind] = known.data;
  }
  return options.some(([kind]) => given[kind] !== undefined) ? after : null;
}

export async function quotaCommand(user: string, given: QuotaOptions): Promise<number> {
  const session = await openSession();
  try {
    const { db } = session.connection;
    const { id, email } = await findUser(db, user);
    const limits = changedLimits((await readQuota(db, id)).limits, given);
    if (limits !== null) {
      await setQuota(db, id, limits);
      const event = { action: 'users.quota', outcome: 'done', object: id } as const;
      await recordAudit(db, { stranger: 'command line' }, { ...event, detail: { ...limits } });
    }
    const view = await readQuota(db, id);
    if (given.json === true) console.log(JSON.stringify({ id, email, ...view }, null, 2));
    else {
      const rows = options.map(([kind, , word]) => {
        const limit = view.limits[kind];
        return [word, `${Math.ceil(view.used[kind])} of ${limit ?? 'any'}`] as const;
      });
      console.log(formatTable(rows));
    }
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

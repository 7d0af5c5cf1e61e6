/**
 * What a user may use up, and has. CPU seconds and bytes are those that runs begun in the last 30
 * days were measured to take; a training is one thread, so its seconds are CPU seconds, and it counts
 * as one run while it waits or works. Storage is what their runs' files take now.
 */
import { z } from 'zod';
import { quotaDays, type QuotaLimits, type QuotaView } from '../api/schemas/accounts.ts';
import { endStates } from '../api/schemas/run-view.ts';
import { trainingPointSchema, type TrainingPoint } from '../api/schemas/training.ts';
import type { Database } from '../db/client.ts';
import { AccountsError } from './errors.ts';

const windowMs = quotaDays * 24 * 3600 * 1000;

const numberOrNull = (value: bigint | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

const curveSchema = z.array(trainingPointSchema);

/** What a training took so far, from its curve: each stage's latest point says the stage's seconds. Pure. */
export function trainedSeconds(curve: readonly Pick<TrainingPoint, 'stage' | 'seconds'>[]): number {
  const byStage = new Map<string, number>();
  for (const { stage, seconds } of curve) {
    byStage.set(stage, Math.max(seconds, byStage.get(stage) ?? 0));
  }
  return [...byStage.values()].reduce((sum, seconds) => sum + seconds, 0);
}

async function readTrainingUse(
  db: Database,
  userId: string,
  since: Date,
): Promise<{ readonly cpuSeconds: number; readonly open: number }> {
  const [recent, open] = await Promise.all([
    db.training.findMany({
      where: { createdBy: userId, createdAt: { gte: since } },
      select: { curve: true },
    }),
    db.training.count({ where: { createdBy: userId, state: { in: ['queued', 'running'] } } }),
  ]);
  const seconds = recent.map(({ curve }) => trainedSeconds(curveSchema.parse(curve)));
  return { cpuSeconds: seconds.reduce((sum, more) => sum + more, 0), open };
}

/** Limits and use of one user. A user without a row has no limits. */
export async function readQuota(
  db: Database,
  userId: string,
  now = new Date(),
): Promise<QuotaView> {
  const since = new Date(now.getTime() - windowMs);
  const recent = { createdBy: userId, createdAt: { gte: since } };
  const [quota, { _sum: cpu }, { _sum: sent }, openRuns, { _sum: stored }, trainings] =
    await Promise.all([
      db.quota.findUnique({ where: { userId } }),
      db.partyTotal.aggregate({ _sum: { cpuMs: true }, where: { run: recent } }),
      db.run.aggregate({ _sum: { totalBytes: true }, where: recent }),
      db.run.count({ where: { createdBy: userId, state: { notIn: [...endStates] } } }),
      db.artifact.aggregate({ _sum: { bytes: true }, where: { run: { createdBy: userId } } }),
      readTrainingUse(db, userId, since),
    ]);
  return {
    limits: {
      cpuSeconds: quota?.cpuSeconds ?? null,
      sentBytes: numberOrNull(quota?.sentBytes),
      concurrentRuns: quota?.concurrentRuns ?? null,
      storedBytes: numberOrNull(quota?.storedBytes),
    },
    used: {
      cpuSeconds: (cpu.cpuMs ?? 0) / 1000 + trainings.cpuSeconds,
      sentBytes: Number(sent.totalBytes ?? 0n),
      concurrentRuns: openRuns + trainings.open,
      storedBytes: Number(stored.bytes ?? 0n),
    },
  };
}

/** @throws AccountsError 'notFound' for an unknown user */
export async function setQuota(
  db: Database,
  userId: string,
  { cpuSeconds, sentBytes, concurrentRuns, storedBytes }: QuotaLimits,
): Promise<void> {
  if ((await db.user.count({ where: { id: userId } })) === 0) {
    throw new AccountsError('notFound', `there is no user ${userId}.`);
  }
  const limits = {
    cpuSeconds,
    sentBytes: sentBytes === null ? null : BigInt(sentBytes),
    concurrentRuns,
    storedBytes: storedBytes === null ? null : BigInt(storedBytes),
  };
  await db.quota.upsert({ where: { userId }, create: { userId, ...limits }, update: limits });
}

const names: Readonly<Record<keyof QuotaLimits, string>> = {
  cpuSeconds: `CPU seconds of ${quotaDays} days`,
  sentBytes: `bytes sent in ${quotaDays} days`,
  concurrentRuns: 'runs and trainings queued or under way',
  storedBytes: 'bytes of stored files',
};

/** The limits that `runs` more runs would reach, in words; empty where they may be queued. Pure. */
export function reachedLimits({ limits, used }: QuotaView, runs = 1): string[] {
  return (['cpuSeconds', 'sentBytes', 'concurrentRuns', 'storedBytes'] as const).flatMap((kind) => {
    const limit = limits[kind];
    const more = kind === 'concurrentRuns' ? runs - 1 : 0;
    if (limit === null || used[kind] + more < limit) return [];
    const asked = more === 0 ? '' : `, ${runs} more were asked for`;
    return [`${names[kind]}: ${Math.floor(used[kind])} of ${limit}${asked}`];
  });
}

/**
 * Asked before a run is queued. Two requests at the same moment can both pass: a quota may be
 * overstepped by the requests under way, never by more.
 * @throws AccountsError 'quota' naming what is used up, the limit, and what to do
 */
export async function requireQuota(db: Database, userId: string | null, runs = 1): Promise<void> {
  if (userId === null || runs === 0) return;
  const reached = reachedLimits(await readQuota(db, userId), runs);
  if (reached.length === 0) return;
  const fix = 'Wait until runs end or grow old, let files go, or ask an administrator for more.';
  throw new AccountsError('quota', `A quota is used up. ${reached.join('; ')}. ${fix}`);
}

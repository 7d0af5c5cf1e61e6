/**
 * Every change of a run's state, as conditional updates; no other file writes `runs.state`.
 *
 *   queued -> preparing -> linkCheck -> running -> scoring -> done
 *   queued -> cancelled                            (before any worker took it)
 *   preparing..scoring -> failed | cancelled       (by the worker that holds the claim)
 *   preparing..scoring -> queued                   (the worker stops, or a first-start run gives way)
 *   preparing..scoring -> preparing                (its worker died: claimed again, once)
 *   preparing..scoring -> lost                     (its second worker died too)
 *
 * A claim is a random id in the row. Whoever holds an older one gets `RunError('lostClaim')` at the
 * next write and must stop: two workers never write one run. Each change appends its event in the
 * same transaction, so the live page and the row cannot disagree.
 */
import { randomUUID } from 'node:crypto';
import type { RunState } from '../api/schemas/run-view.ts';
import type { Database, Prisma } from '../db/client.ts';
import { activeStates, type ActiveState } from './active-states.ts';
import { RunError } from './errors.ts';
import { appendEventIn, plainEvent } from './events.ts';
import { requireRoom, type Host } from './host-room.ts';

/** A worker is taken for dead after this long without a sign of life. */
export const heartbeatTimeoutMs = 15_000;
/** First try and one retry. */
export const mostAttempts = 2;

/** The right to change one run, until somebody else claims it. */
export interface Claim {
  readonly runId: string;
  readonly claimId: string;
  readonly attempt: number;
}

/** The one way forward from each state; everything else is refused. */
const next: Readonly<Record<ActiveState, ActiveState | 'done'>> = {
  preparing: 'linkCheck',
  linkCheck: 'running',
  running: 'scoring',
  scoring: 'done',
};

interface Change {
  readonly where: Prisma.RunWhereInput;
  readonly data: Prisma.RunUpdateManyMutationInput & { readonly state: RunState };
  readonly message?: string | null;
  /** Looked at in the same transaction; throws where the change must not be made. */
  readonly guard?: (tx: Prisma.TransactionClient) => Promise<void>;
}

/** One conditional update and its event; false when the condition did not hold. */
function change(
  db: Database,
  runId: string,
  { where, data, message, guard }: Change,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    await guard?.(tx);
    const { count } = await tx.run.updateMany({ where: { ...where, id: runId }, data });
    if (count === 0) return false;
    await appendEventIn(tx, runId, plainEvent('state', data.state, message ?? null));
    return true;
  });
}

async function changeClaimed(db: Database, claim: Claim, wanted: Change): Promise<void> {
  const { runId, claimId } = claim;
  const where = { ...wanted.where, claimId };
  if (await change(db, runId, { ...wanted, where })) return;
  const row = await db.run.findUnique({ where: { id: runId } });
  if (row !== null && row.claimId === claimId) {
    throw new RunError(
      'conflict',
      `run ${runId} is ${row.state}: it cannot become ${wanted.data.state}.`,
    );
  }
  throw new RunError('lostClaim', `run ${runId} was taken over by another worker.`);
}

/**
 * Takes a queued run, or one whose worker died. Null when there is nothing to do: it has ended, or a
 * living worker has it. A run that was already tried twice becomes `lost` instead.
 * @param host of the worker; without it nothing is asked about memory
 * @throws RunError 'noRoom' while the runs on the host leave too little memory
 */
export async function claimRun(db: Database, runId: string, host?: Host): Promise<Claim | null> {
  await loseRuns(db, runId);
  const silent = new Date(Date.now() - heartbeatTimeoutMs);
  const claimId = randomUUID();
  const now = new Date();
  const claimed = await change(db, runId, {
    where: {
      attempts: { lt: mostAttempts },
      OR: [{ state: 'queued' }, { state: { in: [...activeStates] }, heartbeatAt: { lt: silent } }],
    },
    data: {
      state: 'preparing',
      claimId,
      startedAt: now,
      heartbeatAt: now,
      yieldRequestedAt: null,
      attempts: { increment: 1 },
      host: host?.name ?? null,
    },
    ...(host === undefined ? {} : { guard: (tx) => requireRoom(tx, runId, host, silent) }),
  });
  if (!claimed) return null;
  const row = await db.run.findUniqueOrThrow({ where: { id: runId } });
  return { runId, claimId, attempt: row.attempts };
}

/**
 * Marks runs as lost whose worker died and that have no try left; all runs, or only one.
 * Returns how many.
 */
export async function loseRuns(db: Database, runId?: string): Promise<number> {
  const silent = new Date(Date.now() - heartbeatTimeoutMs);
  const where: Prisma.RunWhereInput = {
    state: { in: [...activeStates] },
    attempts: { gte: mostAttempts },
    heartbeatAt: { lt: silent },
  };
  const rows = await db.run.findMany({
    where: runId === undefined ? where : { ...where, id: runId },
    select: { id: true, attempts: true },
  });
  let lost = 0;
  for (const { id, attempts } of rows) {
    const reason = `The worker process died in each of ${attempts} attempts; the run was given up.`;
    const data = { state: 'lost' as const, reason, finishedAt: new Date(), claimId: null };
    if (await change(db, id, { where, data, message: reason })) lost += 1;
  }
  return lost;
}

/** Runs whose worker died and that have a try left: the caller puts them into the queue again. */
export async function findOrphans(db: Database): Promise<string[]> {
  const silent = new Date(Date.now() - heartbeatTimeoutMs);
  const rows = await db.run.findMany({
    where: {
      state: { in: [...activeStates] },
      attempts: { lt: mostAttempts },
      heartbeatAt: { lt: silent },
    },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * One step forward: preparing -> linkCheck -> running -> scoring -> done.
 * @throws RunError 'lostClaim', or 'conflict' when the run is not in `from`
 */
export async function advance(
  db: Database,
  claim: Claim,
  from: ActiveState,
  data: Omit<Prisma.RunUpdateManyMutationInput, 'state'> = {},
): Promise<RunState> {
  const state = next[from];
  const ended = state === 'done' ? { finishedAt: new Date(), claimId: null } : {};
  await changeClaimed(db, claim, {
    where: { state: from },
    data: { ...data, ...ended, state, heartbeatAt: new Date() },
  });
  return state;
}

/** Ends a claimed run as failed or cancelled, with a sentence for people. */
export async function endRun(
  db: Database,
  claim: Claim,
  state: 'failed' | 'cancelled',
  reason: string,
): Promise<void> {
  await changeClaimed(db, claim, {
    where: { state: { in: [...activeStates] } },
    data: { state, reason, finishedAt: new Date(), claimId: null },
    message: reason,
  });
}

/** Puts a claimed run back, as if it had not been tried: the worker stops or the run gives way. */
export async function releaseRun(db: Database, claim: Claim, why: string): Promise<void> {
  await changeClaimed(db, claim, {
    where: { state: { in: [...activeStates] } },
    data: {
      state: 'queued',
      claimId: null,
      startedAt: null,
      heartbeatAt: null,
      yieldRequestedAt: null,
      attempts: { decrement: 1 },
    },
    message: why,
  });
}

/** What the worker is to do, as of now. */
export type Order = 'continue' | 'cancel' | 'yield' | 'lost';

/** Sign of life of a claim; tells in return what others want of this run. */
export async function heartbeat(db: Database, { runId, claimId }: Claim): Promise<Order> {
  const { count } = await db.run.updateMany({
    where: { id: runId, claimId },
    data: { heartbeatAt: new Date() },
  });
  return count === 0 ? 'lost' : readOrder(db, { runId, claimId });
}

/** The same without the write, for polling often. */
export async function readOrder(
  db: Database,
  { runId, claimId }: Pick<Claim, 'runId' | 'claimId'>,
): Promise<Order> {
  const row = await db.run.findUnique({
    where: { id: runId },
    select: { claimId: true, cancelRequestedAt: true, yieldRequestedAt: true },
  });
  if (row?.claimId !== claimId) return 'lost';
  if (row.cancelRequestedAt !== null) return 'cancel';
  return row.yieldRequestedAt === null ? 'continue' : 'yield';
}

/**
 * Asks for the end of a run. A queued one ends here and now, a running one by its worker within a
 * second, one whose worker is dead when the next worker finds it. Asking twice is harmless.
 * @throws RunError 'notFound', or 'conflict' when the run has ended otherwise
 */
export async function requestCancel(db: Database, runId: string): Promise<RunState> {
  const now = new Date();
  const reason = 'Cancelled before it started.';
  const ended = await change(db, runId, {
    where: { state: 'queued' },
    data: { state: 'cancelled', reason, cancelRequestedAt: now, finishedAt: now },
    message: reason,
  });
  if (ended) return 'cancelled';
  await db.run.updateMany({
    where: { id: runId, state: { in: [...activeStates] }, cancelRequestedAt: null },
    data: { cancelRequestedAt: now },
  });
  const row = await db.run.findUnique({ where: { id: runId } });
  if (row === null) throw new RunError('notFound', `there is no run ${runId}.`);
  if (row.state === 'cancelled' || row.cancelRequestedAt !== null) return row.state;
  throw new RunError('conflict', `run ${runId} is ${row.state}: there is nothing to cancel.`);
}

/** Asks running first-start runs to make room for a visitor's. */
export async function requestYield(db: Database): Promise<void> {
  await db.run.updateMany({
    where: { origin: 'firstStart', state: { in: [...activeStates] }, yieldRequestedAt: null },
    data: { yieldRequestedAt: new Date() },
  });
}

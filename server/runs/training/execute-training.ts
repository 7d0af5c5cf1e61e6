/**
 * A worker's part of a training: claims it, watches its process, stores what it says. A run that is
 * queued meanwhile comes first: the training keeps its checkpoint, goes back into the queue and goes on
 * later, so that it neither blocks a measurement nor disturbs one.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sharedFolder } from '../../db/data-folder.ts';
import type { Database, Prisma } from '../../db/client.ts';
import type { TrainingPoint, TrainingProgress } from '../../api/schemas/training.ts';
import { startTraining, type TrainingEnd } from './child.ts';
import type { TrainMessage } from './messages.ts';

const watchEveryMs = 1000;
const deadAfterMs = 20_000;
/** A training whose process or worker died so often is given up. */
const mostAttempts = 3;
/** Points kept in the row; older ones are thinned, judged ones stay. */
const mostPoints = 1500;

export const isTrainingId = (id: string): boolean => id.startsWith('t-');

export interface TrainingOptions {
  /** The worker is stopping: the training is given back. */
  readonly stop: AbortSignal;
  /** Program of the process; the real one by default. */
  readonly entry?: string;
}

const abandoned = (): Prisma.TrainingWhereInput => ({
  state: 'running',
  heartbeatAt: { lt: new Date(Date.now() - deadAfterMs) },
});

/** Trainings that no living worker has and the queue may have forgotten. */
export async function findForgottenTrainings(db: Database): Promise<string[]> {
  const since = new Date(Date.now() - deadAfterMs);
  const rows = await db.training.findMany({
    where: { OR: [abandoned(), { state: 'queued', createdAt: { lt: since } }] },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

async function claim(db: Database, id: string): Promise<string | null> {
  const claimId = randomUUID();
  const { count } = await db.training.updateMany({
    where: { id, OR: [{ state: 'queued' }, abandoned()] },
    data: {
      state: 'running',
      claimId,
      startedAt: new Date(),
      heartbeatAt: new Date(),
      attempts: { increment: 1 },
    },
  });
  return count === 0 ? null : claimId;
}

function thinned(curve: readonly TrainingPoint[]): TrainingPoint[] {
  if (curve.length <= mostPoints) return [...curve];
  return curve.filter(({ accuracy }, index) => accuracy !== null || index % 2 === 0);
}

/** A stage that goes on from its checkpoint repeats the points since then. */
function extended(curve: readonly TrainingPoint[], point: TrainingPoint): TrainingPoint[] {
  const before = curve.filter(({ stage, step }) => stage !== point.stage || step < point.step);
  return thinned([...before, point]);
}

const pointOf = ({ stage, step, loss, accuracy, seconds }: TrainingProgress): TrainingPoint => ({
  stage,
  step,
  loss,
  accuracy,
  seconds,
});

/** What the row becomes; `released` is queued again. */
function endData(
  end: TrainingEnd,
  why: { readonly cancelled: boolean; readonly paused: boolean },
  attempts: number,
): Prisma.TrainingUpdateManyMutationInput & { state: string } {
  const finishedAt = new Date();
  if (end.type === 'died' && !why.paused) {
    if (attempts < mostAttempts && !why.cancelled) return { state: 'queued' };
    return { state: why.cancelled ? 'cancelled' : 'lost', finishedAt, reason: end.reason };
  }
  if (end.type === 'failed' && why.cancelled) {
    return { state: 'cancelled', finishedAt, reason: end.reason };
  }
  if (end.type === 'failed') return { state: 'failed', finishedAt, reason: end.reason };
  if (end.type === 'died' || end.product === null) {
    return { state: 'queued', attempts: { decrement: 1 } };
  }
  const { product } = end;
  if (why.cancelled) {
    const reason = 'Cancelled; the best checkpoint until then was kept.';
    return { state: 'cancelled', finishedAt, reason, product };
  }
  return { state: 'done', finishedAt, product };
}

/**
 * Trains until the end, a cancellation, or until something more urgent comes.
 * @returns null when it is not to be had; `queued` when it was given back
 */
export async function executeTraining(
  db: Database,
  id: string,
  { stop, entry }: TrainingOptions,
): Promise<string | null> {
  const claimId = await claim(db, id);
  if (claimId === null) return null;
  const row = await db.training.findUniqueOrThrow({ where: { id } });
  let curve = row.curve as unknown as TrainingPoint[];
  let changes: Prisma.TrainingUpdateManyMutationInput = {};
  const hear = (message: TrainMessage): void => {
    if (message.type === 'price') changes = { ...changes, price: message.price };
    if (message.type !== 'point') return;
    curve = extended(curve, pointOf(message.point));
    changes = { ...changes, curve };
    changes = { ...changes, progress: message.point };
  };
  const folder = join(sharedFolder(), 'training', id);
  const command = {
    recipe: row.recipe,
    folder,
    price: row.price === null ? 'first' : 'skip',
  } as const;
  const child = startTraining(command, hear, entry);
  const why = { cancelled: false, paused: false };
  const watch = async (): Promise<void> => {
    const data = { ...changes, heartbeatAt: new Date() };
    changes = {};
    const mine = await db.training.updateMany({ where: { id, claimId }, data });
    if (mine.count === 0) child.kill();
    const now = await db.training.findUnique({
      where: { id },
      select: { cancelRequestedAt: true },
    });
    if (why.cancelled || why.paused) return;
    if (now?.cancelRequestedAt !== null) {
      why.cancelled = true;
      child.tell('finish');
    } else if (stop.aborted || (await db.run.count({ where: { state: 'queued' } })) > 0) {
      why.paused = true;
      child.tell('pause');
    }
  };
  const timer = setInterval(() => {
    // The database may be away for a moment; the next look tells.
    watch().catch((error: unknown) => console.error(`training ${id}: ${String(error)}`));
  }, watchEveryMs);
  const end = await child.end;
  clearInterval(timer);
  const data = { ...changes, ...endData(end, why, row.attempts) };
  await db.training.updateMany({ where: { id, claimId }, data });
  return data.state;
}

/** Trainings as pages see them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  isEnded,
  trainingPointSchema,
  trainingPriceSchema,
  trainingProductSchema,
  trainingProgressSchema,
  trainingStates,
  type TrainingDetail,
  type TrainingSummary,
} from '../../api/schemas/training.ts';
import type { Database, Prisma } from '../../db/client.ts';
import { RunError } from '../errors.ts';

const followEveryMs = 1000;
const mostListed = 200;

type Row = Prisma.TrainingGetPayload<{ omit: { recipe: true; curve: true } }>;

const summaryOf = (row: Row): TrainingSummary => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  recipeHash: row.recipeHash,
  state: z.enum(trainingStates).parse(row.state),
  ending: row.cancelRequestedAt !== null,
  reason: row.reason,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
  price: trainingPriceSchema.nullable().parse(row.price),
  progress: trainingProgressSchema.nullable().parse(row.progress),
  product: trainingProductSchema.nullable().parse(row.product),
});

/** Newest first, at most 200. */
export async function listTrainings(db: Database): Promise<TrainingSummary[]> {
  const rows = await db.training.findMany({
    orderBy: { createdAt: 'desc' },
    take: mostListed,
    omit: { recipe: true, curve: true },
  });
  return rows.map(summaryOf);
}

/** @throws RunError 'notFound' */
export async function readTraining(db: Database, id: string): Promise<TrainingDetail> {
  const row = await db.training.findUnique({ where: { id } });
  if (row === null) throw new RunError('notFound', `there is no training ${id}.`);
  return {
    ...summaryOf(row),
    curve: z.array(trainingPointSchema).parse(row.curve),
    recipe: JSON.stringify(row.recipe, null, 2),
  };
}

/** The training whenever it changed, until it has ended. */
export async function* followTraining(
  db: Database,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<TrainingDetail> {
  let before = '';
  while (!signal.aborted) {
    const detail = await readTraining(db, id);
    const text = JSON.stringify(detail);
    if (text !== before) yield detail;
    before = text;
    if (isEnded(detail.state)) return;
    await sleep(followEveryMs, undefined, { signal }).catch(() => {});
  }
}

/** Use cases: a training is asked for, priced, or asked to end. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingPrice, TrainingRequest } from '../../api/schemas/training.ts';
import { dataFolder } from '../../db/data-folder.ts';
import type { Database } from '../../db/client.ts';
import { embedded, listFolders } from '../../zoo/embedded-files.ts';
import { recipeHash } from '../../training/recipe.ts';
import { RunError } from '../errors.ts';
import { newRunId, type RunContext } from '../create-run.ts';
import { backgroundRank } from '../turns.ts';
import { startTraining } from './child.ts';
import { recipeOfRequest } from './recipe-of-request.ts';

/** @throws RunError 'conflict' where another model or training has the name; 'invalid' for a teacher that is none */
async function requireFree(db: Database, request: TrainingRequest): Promise<void> {
  const known = await listFolders('models');
  if (request.kind === 'distillation') {
    if (!known.includes(request.teacher)) {
      throw new RunError(
        'invalid',
        `teacher "${request.teacher}" is no model here; known: ${known.join(', ')}.`,
      );
    }
    const students = await access(embedded('models', request.teacher, 'lineage.json')).then(
      () => true,
      () => false,
    );
    if (students) {
      throw new RunError(
        'invalid',
        `teacher "${request.teacher}" is a student itself; take its teacher.`,
      );
    }
  }
  const open = await db.training.findFirst({
    where: {
      recipe: { path: ['id'], equals: request.name },
      state: { in: ['queued', 'running', 'done'] },
    },
    select: { id: true },
  });
  if (known.includes(request.name) || open !== null) {
    throw new RunError(
      'conflict',
      `the name "${request.name}" is taken; give the product another.`,
    );
  }
}

/** Stores and queues; trainings wait behind runs and give way to them. */
export async function createTraining(
  { db, queue, userId = null }: RunContext,
  request: TrainingRequest,
): Promise<{ id: string }> {
  const recipe = recipeOfRequest(request);
  await requireFree(db, request);
  const id = `t-${newRunId()}`;
  await db.training.create({
    data: {
      id,
      recipe,
      recipeHash: recipeHash(recipe),
      kind: recipe.kind,
      title: recipe.title,
      createdBy: userId,
    },
  });
  await queue.enqueue(id, backgroundRank);
  return { id };
}

const slot: { pricing?: Promise<TrainingPrice> } = {};

/** Times a few steps in a process of its own. @throws RunError 'conflict' while another price is being taken */
export async function priceTraining(request: TrainingRequest): Promise<TrainingPrice> {
  const recipe = recipeOfRequest(request);
  if (slot.pricing !== undefined) {
    throw new RunError('conflict', 'another price is being taken; ask again when it is there.');
  }
  const taking = (async () => {
    let price: TrainingPrice | undefined;
    const folder = join(dataFolder(), 'training', 'price');
    const child = startTraining({ recipe, folder, price: 'only' }, (message) => {
      if (message.type === 'price') price = message.price;
    });
    const end = await child.end;
    if (price !== undefined) return price;
    throw new RunError('invalid', end.type === 'ended' ? 'no price was taken.' : end.reason);
  })();
  slot.pricing = taking;
  try {
    return await taking;
  } finally {
    delete slot.pricing;
  }
}

/** @throws RunError 'notFound', or 'conflict' when it has ended */
export async function cancelTraining(db: Database, id: string): Promise<void> {
  const asked = await db.training.updateMany({
    where: { id, state: 'running' },
    data: { cancelRequestedAt: new Date() },
  });
  if (asked.count > 0) return;
  // Nothing may have been trained yet, or it waits with checkpoints: those stay on the disk.
  const ended = await db.training.updateMany({
    where: { id, state: 'queued' },
    data: { state: 'cancelled', finishedAt: new Date(), reason: 'Cancelled while it waited.' },
  });
  if (ended.count > 0) return;
  const row = await db.training.findUnique({ where: { id }, select: { state: true } });
  if (row === null) throw new RunError('notFound', `there is no training ${id}.`);
  throw new RunError('conflict', `training ${id} is ${row.state} already.`);
}

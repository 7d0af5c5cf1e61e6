/**
 * Whose turn it is in the queue. Levels come one after the other; within a level users share the workers
 * by start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996): a run's turn is where its user's last one
 * ends, or where the run taken last began, whichever is later, in seconds that runs were expected to take.
 * So who queues a hundred runs waits for nobody else's hundred, and nobody waits for theirs. Where there
 * are no accounts everybody is one user, and runs are taken as they came.
 */
import type { RunPriority, RunSummary } from '../api/schemas/run-view.ts';
import type { Database, Prisma } from '../db/client.ts';
import { RunError } from './errors.ts';
import { summaryInclude, toSummary } from './views.ts';

/** As stored; `background` is what Parley makes by itself, and trainings. */
const levels = { background: -2, low: -1, normal: 0, high: 1 } as const;
type Level = keyof typeof levels;

/** What a run's row knows of its turn. */
export interface Turn {
  readonly priority: number;
  readonly turn: number;
  readonly turnEnd: number;
}

/** pg-boss takes the highest 32-bit number first: room for 18 years of turns in each level. */
const levelStep = 600_000_000;

/** Place in the queue as one number, the highest first. Pure. */
export const rankOf = ({ priority, turn }: Pick<Turn, 'priority' | 'turn'>): number =>
  priority * levelStep - Math.min(Math.floor(turn), levelStep - 1);

/** Of what may always wait. */
export const backgroundRank = rankOf({ priority: levels.background, turn: 0 });

/** No run is so short that hundreds of them count as nothing. */
const leastSeconds = 1;

/**
 * The turn of a run that is queued now.
 * @param seconds that it is expected to take
 */
export async function nextTurn(
  db: Database | Prisma.TransactionClient,
  { userId, level, seconds }: { userId: string | null; level: Level; seconds: number },
): Promise<Turn> {
  const priority = levels[level];
  const [taken, own] = await Promise.all([
    db.run.findFirst({
      where: { priority, attempts: { gt: 0 } },
      orderBy: { turn: 'desc' },
      select: { turn: true },
    }),
    // What was taken back before anybody worked on it took nothing from others.
    db.run.findFirst({
      where: { priority, createdBy: userId, NOT: { state: 'cancelled', attempts: 0 } },
      orderBy: { turnEnd: 'desc' },
      select: { turnEnd: true },
    }),
  ]);
  const turn = Math.max(taken?.turn ?? 0, own?.turnEnd ?? 0);
  return { priority, turn, turnEnd: turn + Math.max(leastSeconds, seconds) };
}

/** Rank of a run's row; of an unknown one as of what may wait. */
export async function readRank(db: Database, runId: string): Promise<number> {
  const row = await db.run.findUnique({
    where: { id: runId },
    select: { priority: true, turn: true },
  });
  return row === null ? backgroundRank : rankOf(row);
}

/** Runs that wait and come before one with this turn. */
export const waitingBefore = (
  { priority, turn }: Pick<Turn, 'priority' | 'turn'>,
  createdAt = new Date(),
): Prisma.RunWhereInput => ({
  state: 'queued',
  OR: [
    { priority: { gt: priority } },
    { priority, turn: { lt: turn } },
    { priority, turn, createdAt: { lt: createdAt } },
  ],
});

/** Runs that wait, the next one first. */
export async function listWaiting(db: Database, limit: number): Promise<RunSummary[]> {
  const rows = await db.run.findMany({
    where: { state: 'queued' },
    include: summaryInclude,
    orderBy: [{ priority: 'desc' }, { turn: 'asc' }, { createdAt: 'asc' }],
    take: limit,
  });
  return rows.map(toSummary);
}

/** The level by its name; `background` reads as low. */
export const priorityOf = (priority: number): RunPriority =>
  priority > levels.normal ? 'high' : priority < levels.normal ? 'low' : 'normal';

/**
 * Moves a run that waits to another level, at the end of its user's there. Its old job stays in the queue
 * and does nothing: it names a rank that the run no longer has.
 * @returns the new rank, to be queued with
 * @throws RunError 'notFound', or 'conflict' for a run that no longer waits
 */
export async function moveToLevel(
  db: Database,
  runId: string,
  level: RunPriority,
): Promise<number> {
  return db.$transaction(async (tx) => {
    const run = await tx.run.findUnique({ where: { id: runId } });
    if (run === null) throw new RunError('notFound', `there is no run ${runId}.`);
    if (run.priority === levels[level]) return rankOf(run);
    const seconds = run.turnEnd - run.turn;
    const turn = await nextTurn(tx, { userId: run.createdBy, level, seconds });
    const { count } = await tx.run.updateMany({
      where: { id: runId, state: 'queued' },
      data: { ...turn },
    });
    if (count === 1) return rankOf(turn);
    throw new RunError('conflict', `run ${runId} is ${run.state}: it waits no longer.`);
  });
}

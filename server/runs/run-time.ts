/**
 * How long whole runs take from the moment a worker claims them: their batches, and what stands around
 * them (processes, shares of the weights, link check, scoring), which earlier runs tell. Class `predicted`.
 */
import type { LatencyPrediction } from '../api/schemas/latency.ts';
import type { Database } from '../db/client.ts';
import { activeStates } from './active-states.ts';
import { median } from './statistics.ts';
import { waitingBefore, type Turn } from './turns.ts';

/** Around the batches of a run, where no run of this installation has told yet. */
const usualAroundMs = 8_000;
/** Latest runs that tell it. */
const mostTelling = 15;
const mostWaiting = 200;
const workerSilentMs = 10_000;

export interface RunSizes {
  readonly samples: number;
  readonly batchSize: number;
  readonly repeats: number;
}

/** The batches of all repeats, one after the other; the last of a pass may be smaller. */
export function batchesMs(
  { onlineMs, offlineMs }: Expected,
  { samples, batchSize, repeats }: RunSizes,
): number {
  const full = Math.min(batchSize, samples);
  return (repeats * (onlineMs + offlineMs) * samples) / full;
}

/** What is known of a run before it is made. */
export type Expected = Pick<LatencyPrediction, 'onlineMs' | 'offlineMs'>;

/** A whole run; one of which nothing is known counts as short. */
export const wholeRunMs = (expected: Expected | null, sizes: RunSizes, around: number): number =>
  around + (expected === null ? 0 : batchesMs(expected, sizes));

const sizesSelected = { samples: true, batchSize: true, repeats: true } as const;

/** What stands around the batches, ms: the median of the latest finished runs. */
export async function aroundMs(db: Database): Promise<number> {
  const rows = await db.run.findMany({
    where: {
      state: 'done',
      provenance: 'measured',
      shipped: false,
      onlineMs: { not: null },
      startedAt: { not: null },
    },
    orderBy: { finishedAt: 'desc' },
    take: mostTelling,
    select: {
      startedAt: true,
      finishedAt: true,
      onlineMs: true,
      offlineMs: true,
      spec: { select: sizesSelected },
    },
  });
  const around = rows.flatMap(({ startedAt, finishedAt, onlineMs, offlineMs, spec }) => {
    if (startedAt === null || finishedAt === null || onlineMs === null) return [];
    const wall = finishedAt.getTime() - startedAt.getTime();
    return [Math.max(0, wall - batchesMs({ onlineMs, offlineMs: offlineMs ?? 0 }, spec))];
  });
  return around.length === 0 ? usualAroundMs : median(around).median;
}

export interface QueueAhead {
  /** Runs that wait or are being worked on. */
  readonly runs: number;
  /** Until a run that is queued now would start, ms. */
  readonly waitMs: number;
}

/**
 * What is ahead of a run with this turn: runs under way, and those that are taken before it.
 * @param queuedAt of a run that waits already
 */
export async function queueAhead(
  db: Database,
  around: number,
  turn: Pick<Turn, 'priority' | 'turn'>,
  queuedAt?: Date,
): Promise<QueueAhead> {
  const [rows, workers] = await Promise.all([
    db.run.findMany({
      where: { OR: [{ state: { in: [...activeStates] } }, waitingBefore(turn, queuedAt)] },
      orderBy: { createdAt: 'asc' },
      take: mostWaiting,
      select: { expectedLatency: true, startedAt: true, spec: { select: sizesSelected } },
    }),
    db.worker.count({ where: { heartbeatAt: { gt: new Date(Date.now() - workerSilentMs) } } }),
  ]);
  const whole = rows.reduce((total, { expectedLatency, startedAt, spec }) => {
    const all = wholeRunMs(expectedLatency as unknown as Expected | null, spec, around);
    const gone = startedAt === null ? 0 : Date.now() - startedAt.getTime();
    return total + Math.max(0, all - gone);
  }, 0);
  return { runs: rows.length, waitMs: whole / Math.max(1, workers) };
}

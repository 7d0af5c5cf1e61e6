/**
 * Memory of a host, shared by the runs that its workers have claimed: a run begins only where it fits
 * beside the others, or the kernel would end processes of both.
 */
import { availableParallelism, hostname, totalmem } from 'node:os';
import { endStates } from '../api/schemas/run-view.ts';
import type { Prisma } from '../db/client.ts';
import { activeStates } from './active-states.ts';
import { RunError } from './errors.ts';

/** Where a worker runs; workers of one name share the memory. */
export interface Host {
  readonly name: string;
  /** What its runs may hold together. */
  readonly memoryBytes: number;
}

/** For the system, the web server and the database. */
const runsPart = 0.9;
/** Of two to four roles that compute at the same time. */
const coresPerRun = 4;

/** This machine, or the container that this process is confined to. */
export function ownHost(): Host {
  const confined = process.constrainedMemory();
  const bytes = confined > 0 ? Math.min(confined, totalmem()) : totalmem();
  return { name: hostname(), memoryBytes: Math.floor(bytes * runsPart) };
}

/** How many runs a worker takes at a time: more than one only where each has cores of its own. */
export const ownSlots = (cores = availableParallelism()): number =>
  Math.max(1, Math.floor(cores / coresPerRun));

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * Makes sure of room for the run until the end of the transaction, in which it is claimed. A run that
 * has the host to itself is let in, whatever it needs: whoever queued it was told.
 * @param silent since when the worker of a run that gave no sign of life is taken for dead
 * @throws RunError 'noRoom' while the runs that are there leave too little
 */
export async function requireRoom(
  tx: Prisma.TransactionClient,
  runId: string,
  host: Host,
  silent: Date,
): Promise<void> {
  // Two workers of a host look one after the other.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`parley host ${host.name}`}, 0))`;
  const [run, { _sum: sums, _count: others }] = await Promise.all([
    tx.run.findUnique({ where: { id: runId }, select: { memoryBytes: true, state: true } }),
    tx.run.aggregate({
      where: {
        id: { not: runId },
        host: host.name,
        state: { in: [...activeStates] },
        heartbeatAt: { gte: silent },
      },
      _sum: { memoryBytes: true },
      _count: true,
    }),
  ]);
  // Whether it may be claimed at all is not asked here; one that has ended waits for nothing.
  if (run === null || endStates.includes(run.state)) return;
  const needBytes = Number(run.memoryBytes ?? 0);
  const takenBytes = Number(sums.memoryBytes ?? 0);
  if (others === 0 || needBytes + takenBytes <= host.memoryBytes) return;
  throw new RunError(
    'noRoom',
    `Waits for memory: it needs about ${inGigabytes(needBytes)}, and runs on ${host.name} hold ${inGigabytes(takenBytes)} of ${inGigabytes(host.memoryBytes)}.`,
  );
}
